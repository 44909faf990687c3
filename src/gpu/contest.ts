import type { Device } from './device.ts';
import type { Dispatch } from './kernel.ts';

/** A device by the name of what sets it apart from the others. */
export interface Contender<Name> {
  readonly name: Name;
  readonly device: Device;
}

/** A turn lasts so many milliseconds at least: ten times as long as it takes a submit to come back. */
const turn = 20;
/** Of so many turns the shortest counts; the first run of all is slower than any other. */
const rounds = 3;
/** Who compiles for so many milliseconds longer than another is out, however fast: a network has dozens of shaders. */
const patience = 300;
/** More than what a submit's way there and back adds to the one and not to the other, and than what is worth a change. */
const clearly = 1.15;

/** Who runs a dispatch fastest, of those that compile it without delay; the usual one, unless another is clearly faster. */
export async function fastest<Name>(
  call: Dispatch,
  contenders: readonly Contender<Name>[],
  usual: Name,
): Promise<Name> {
  const tensors = Object.values(call.tensors);
  try {
    const compiled = [];
    // One after the other: beside each other they would all take as long as the slowest.
    for (const { name, device } of contenders) {
      await device.allocate(tensors);
      const began = performance.now();
      const program = await device.compile([call]);
      const compiling = performance.now() - began;
      compiled.push({ name, compiling, clock: clockOf((times) => device.run([{ program, times }])), best: Infinity });
    }
    const quickest = Math.min(...compiled.map(({ compiling }) => compiling));
    const clocks = compiled.filter(({ compiling }) => compiling <= quickest + patience);
    // In turns, so that a GPU which is getting faster, or slower, favours none.
    for (let round = 0; round < rounds; round++)
      for (const each of clocks) each.best = Math.min(each.best, await each.clock());
    const first = clocks.reduce((leader, each) => (each.best < leader.best ? each : leader));
    const common = clocks.find(({ name }) => name === usual);
    return common && common.best <= clearly * first.best ? usual : first.name;
  } finally {
    for (const { device } of contenders) device.free(tensors);
  }
}

/** Milliseconds that `run` takes for one time, of as many as make a turn. */
function clockOf(run: (times: number) => Promise<unknown>): () => Promise<number> {
  let times = 1;
  return async () => {
    for (;;) {
      const began = performance.now();
      await run(times);
      const spent = performance.now() - began;
      if (spent >= turn) return spent / times;
      times *= 2;
    }
  };
}
