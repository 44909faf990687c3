import { FileFault } from '../data/bytes.ts';
import { type Checkpoint, readCheckpoint } from '../gpu/checkpoint.ts';
import { stateOf, writeCheckpoint } from '../gpu/checkpoint-state.ts';
import { heritage } from '../gpu/heritage.ts';
import type { Trainer } from '../gpu/trainer.ts';
import { areOf, type Curves } from '../model/curves.ts';
import type { Experiment } from '../model/experiment.ts';
import { FaultError, toFault } from '../model/fault.ts';
import { relate, sample } from '../model/synapses.ts';
import { answersOf } from './answers.ts';
import { Library } from './library.ts';
import type { State } from './loop.ts';
import { Outbox } from './outbox.ts';
import type {
  AddedDataset,
  Answers,
  DeviceInfo,
  DeviceKind,
  Frame,
  LabApi,
  LiveChange,
  Loaded,
  Moved,
  NamedFile,
  Outcome,
  Resumed,
  Saved,
  Synapses,
} from './protocol.ts';
import { idle } from './standing.ts';
import { Training, type Copy } from './training.ts';

/** Pairs of weights that a scatter shows. */
const scatterPoints = 3000;

/** The training worker: it owns the device, the data and the network, and carries out the page's commands one by one. */
export class Lab implements LabApi {
  #library = new Library('');
  #opened: Training | null = null;
  /** What is to be saved. */
  #copy: Copy | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  open(port: MessagePort, site: string, device: DeviceKind): Promise<Outcome<DeviceInfo>> {
    return this.#command(() => {
      this.#library = new Library(site);
      const outbox = new Outbox(idle, (frame: Frame, transfer) => port.postMessage(frame, transfer));
      port.addEventListener('message', (event: MessageEvent<number>) => outbox.acknowledge(event.data));
      port.start();
      this.#opened = new Training(this.#library, outbox, (work) => this.#command(work));
      return this.#opened.open(device);
    });
  }

  move(device: DeviceKind): Promise<Outcome<Moved>> {
    return this.#command(() => this.#training.move(device));
  }

  load(experiment: Experiment, from: 'seed' | 'present'): Promise<Outcome<Loaded>> {
    return this.#command(async () => {
      const training = this.#training;
      await training.pause();
      if (from === 'seed' || training.loop === null)
        return training.build({ experiment, dataset: null, shuffle: true, state: () => null }, false);
      const { dataset, shuffle, network, experiment: before } = training.loop.trainer;
      const present = await training.loop.save();
      // Images that came meanwhile under the same name are for the next start.
      const same = experiment.dataset === before.dataset;
      const state = (trainer: Trainer): State => heritage(present, network, trainer.network);
      return training.build({ experiment, dataset: same ? dataset : null, shuffle, state }, true);
    });
  }

  copy(): Promise<Outcome> {
    return this.#command(async () => {
      const training = this.#training;
      if (training.standing.fault?.kind === 'diverged')
        throw new FaultError(
          'diverged',
          'This run has diverged: its weights are no longer numbers. Reset it, then save.',
        );
      this.#copy = await training.copy();
      return null;
    });
  }

  save(curves: Curves | null): Promise<Outcome<Saved>> {
    return this.#command(async () => {
      const copy = this.#copy;
      if (copy === null) throw new FaultError('internal', 'Nothing was copied to be saved.');
      // It is large.
      this.#copy = null;
      const { trainer, present, step } = copy;
      return { bytes: await writeCheckpoint(trainer, { present, curves }), step };
    });
  }

  resume({ name, bytes }: NamedFile): Promise<Outcome<Resumed>> {
    return this.#command(async () => {
      const checkpoint = readCheckpoint(name, bytes);
      if (!checkpoint.run)
        throw new FaultError('data', `${name} holds weights, but no run of Feedback Lab to go on with.`);
      const { experiment, shuffle } = checkpoint.run;
      const training = this.#training;
      await training.pause();
      const origin = { experiment, dataset: null, shuffle, state: (trainer: Trainer) => stateOf(trainer, checkpoint) };
      const built = await training.build(origin, false);
      const { curves, notices } = curvesFor(checkpoint, experiment.replicas, built.network.layers.length);
      // So that there is something to see.
      if (curves === null) await training.look();
      return { ...built, experiment, curves, notices };
    });
  }

  addDataset(files: readonly NamedFile[]): Promise<Outcome<AddedDataset>> {
    // Not in turn with the commands: reading pictures takes long, and a pause must not wait for it.
    return answer(() => this.#library.add(files));
  }

  datasets(): Promise<Outcome<readonly string[]>> {
    // Nobody is to wait for it, and it for nothing.
    return answer(() => this.#library.ids());
  }

  start(): Promise<Outcome> {
    return this.#command(async () => {
      this.#training.start();
      return null;
    });
  }

  pause(): Promise<Outcome> {
    // What is under way hears it at once, and what was ordered before it in its turn.
    void this.#opened?.pause();
    return this.#command(async () => {
      await this.#training.pause();
      return null;
    });
  }

  step(batches: number): Promise<Outcome> {
    return this.#command(async () => {
      await this.#training.step(batches);
      return null;
    });
  }

  tune(change: LiveChange): Promise<Outcome> {
    return this.#command(async () => {
      const training = this.#training;
      const { standing, loaded } = training;
      const { trainer } = loaded;
      const recut = await trainer.tune({ ...trainer.experiment, ...change });
      // With more epochs than before, or fewer, it may be finished or no longer be.
      if (standing.resting) standing.rest(loaded);
      else standing.refresh();
      if (recut) await training.look();
      return null;
    });
  }

  synapses(layer: number): Promise<Outcome<Synapses | null>> {
    return this.#command(async () => {
      const pairs = await this.#training.loaded.trainer.synapses(layer);
      if (!pairs) return null;
      const { forward, feedback } = pairs;
      return {
        ...relate(forward, feedback),
        forward: sample(forward, scatterPoints),
        feedback: sample(feedback, scatterPoints),
        pairs: forward.length,
      };
    });
  }

  answers(): Promise<Outcome<Answers | null>> {
    // Nothing is done for it: it need not wait for what is.
    return answer(async () => answersOf(this.#training.loaded.trainer));
  }

  /** Carries out a command after the ones before it. */
  #command<T>(work: () => Promise<T>): Promise<Outcome<T>> {
    const outcome = this.#queue.then(() => answer(work));
    this.#queue = outcome;
    return outcome;
  }

  get #training(): Training {
    if (!this.#opened) throw new FaultError('internal', 'No device is open.');
    return this.#opened;
  }
}

/** The curves of a checkpoint, as far as they are those of its network, and what is to be said of them. */
function curvesFor(
  { name, curves }: Checkpoint,
  replicas: number,
  layers: number,
): { readonly curves: Curves | null; readonly notices: readonly string[] } {
  if (curves instanceof FileFault) return { curves: null, notices: [curves.message] };
  if (curves === null || areOf(curves, replicas, layers)) return { curves, notices: [] };
  return {
    curves: null,
    notices: [`The curves in ${name} are those of another network. The run goes on without them.`],
  };
}

/** What came of some work, as data, whatever happens. */
async function answer<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    return { ok: false, fault: thrown instanceof FileFault ? { kind: 'data', text: thrown.message } : toFault(thrown) };
  }
}
