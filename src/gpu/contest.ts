import type { Device } from './device.ts';
import type { Dispatch } from './kernel.ts';

/** A device, named after what sets it apart from the others. */
export interface Contender<Name> {
  readonly name: Name;
  readonly device: Device;
}

/** Least milliseconds of a turn: ten times as long as a submit takes to come back. */
const turn = 20;
/** The shortest of so many turns counts, because the very first run is slower than the others. */
const rounds = 3;
/** A contender that compiles for so many milliseconds longer than another is out, however fast: a network has dozens of shaders. */
const patience = 300;
/** How much faster counts: more than the noise of a submit's round trip, and enough to be worth a change. */
const clearly = 1.15;

/** The name of the device that runs a dispatch fastest, of those that compile it without delay; the usual one, unless another is clearly faster. */
export async function fastest<Name>(
  call: Dispatch,
  contenders: readonly Contender<Name>[],
  usual: Name,
): Promise<Name> {
  const tensors = Object.values(call.tensors);
  try {
    const compiled = [];
    // One at a time, so that each compile time is its own.
    for (const { name, device } of contenders) {
      await device.allocate(tensors);
      const began = performance.now();
      const program = await device.compile([call]);
      const compiling = performance.now() - began;
      compiled.push({ name, compiling, clock: clockOf((times) => device.run([{ program, times }])), best: Infinity });
    }
    const quickest = Math.min(...compiled.map(({ compiling }) => compiling));
    const clocks = compiled.filter(({ compiling }) => compiling <= quickest + patience);
    // In turns, so that a GPU that speeds up or slows down meanwhile favours none.
    for (let round = 0; round < rounds; round++)
      for (const each of clocks) each.best = Math.min(each.best, await each.clock());
    const first = clocks.reduce((leader, each) => (each.best < leader.best ? each : leader));
    const common = clocks.find(({ name }) => name === usual);
    return common && common.best <= clearly * first.best ? usual : first.name;
  } finally {
    for (const { device } of contenders) device.free(tensors);
  }
}

/** Milliseconds of one run, the mean over as many as fill a turn. */
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
