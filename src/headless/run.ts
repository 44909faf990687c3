import { initialise, resume, stateOf } from '../gpu/checkpoint-state.ts';
import { Trainer } from '../gpu/trainer.ts';
import { printBytes } from '../model/bytes.ts';
import { FaultError } from '../model/fault.ts';
import { closeDevice, openDevice } from './device.ts';
import { Lockstep, type Job, type RunOptions, type RunOutcome } from './lockstep.ts';

/** What runs may take together: more would save little time, and few machines could spare it. */
const mostBytes = 2 ** 30;

/**
 * Trains experiments that share a program, a number of steps and the step that they stand at, in lock-step to their end,
 * or until a signal comes. Each writes its folder as if it were alone. How each ended.
 * @throws FileFault when a checkpoint does not fit; FaultError when there is no device, it is lost, or all is too big for it
 */
export async function run(jobs: readonly Job[], options: RunOptions): Promise<RunOutcome[]> {
  const { dataset, shuffle, progress } = options;
  const experiments = jobs.map(({ experiment }) => experiment);
  const trainer = new Trainer(experiments, dataset, { shuffle });
  if (jobs.length > 1 && trainer.bytes > mostBytes)
    throw new FaultError(
      'too-big',
      `They would take ${printBytes(trainer.bytes)}, and ${printBytes(mostBytes)} is the most.`,
    );
  const starts = jobs.flatMap(({ from }, i) => (from ? [{ ...from, run: trainer.runs[i] }] : []));
  // A file that does not fit should not cost the time of a device.
  for (const { kind, checkpoint, run: own } of starts) if (kind === 'resume') stateOf(trainer, checkpoint, own);
  const device = await openDevice(options.device, trainer.largestBytes);
  progress.say(`${device.name}${device.software && device.kind === 'webgpu' ? ', in software' : ''}`);
  try {
    await trainer.prepare(device);
    const ignored = new Set<string>();
    for (const { kind, checkpoint, run: own } of starts)
      if (kind === 'resume') await resume(trainer, checkpoint, own);
      else for (const name of await initialise(trainer, checkpoint, own)) ignored.add(name);
    if (ignored.size > 0) progress.say(`Not used, because they are not this run's: ${[...ignored].join(', ')}`);
    return await new Lockstep(trainer, device, jobs, options).train();
  } finally {
    trainer.dispose();
    closeDevice(device);
  }
}
