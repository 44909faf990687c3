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
/** How much faster counts: more than the noise of a submit's round trip, and enough to be worth a change. */
const clearly = 1.15;

/** The name of the device that runs a dispatch fastest; the usual one, unless another is clearly faster. */
export async function fastest<Name>(
  call: Dispatch,
  contenders: readonly Contender<Name>[],
  usual: Name,
): Promise<Name> {
  const tensors = Object.values(call.tensors);
  try {
    const clocks = await Promise.all(
      contenders.map(async ({ name, device }) => {
        await device.allocate(tensors);
        const program = await device.compile([call]);
        return { name, clock: clockOf((times) => device.run([{ program, times }])), best: Infinity };
      }),
    );
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
