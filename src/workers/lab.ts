import { Trainer } from '../gpu/trainer.ts';
import { FileFault } from '../data/bytes.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Experiment } from '../model/experiment.ts';
import { FaultError, toFault } from '../model/fault.ts';
import { relate, sample } from '../model/synapses.ts';
import { readCheckpoint, resume, writeCheckpoint } from '../gpu/checkpoint.ts';
import { Library } from './library.ts';
import { Loop } from './loop.ts';
import { Machine } from './machine.ts';
import { Outbox } from './outbox.ts';
import type {
  DeviceInfo,
  DeviceKind,
  Frame,
  LabApi,
  LiveChange,
  Moved,
  Outcome,
  Synapses,
  AddedDataset,
  Loaded,
  NamedFile,
} from './protocol.ts';
import { describe, idle, Standing } from './standing.ts';

/** Pairs of weights that a scatter shows. */
const scatterPoints = 3000;
/** Seconds to wait before each try to get a lost GPU back. */
const retries = [0, 1, 5];
/** A page looks as often as it can. */
const watched = { follow: true };

/** The training worker: it owns the device, the data and the loop, and carries out the page's commands one by one. */
export class Lab implements LabApi {
  #outbox: Outbox | null = null;
  readonly #machine = new Machine(() => {
    // While it trains the loop itself finds out.
    const loop = this.#loop;
    if (loop && this.#standing.resting) void this.#command(() => this.#regain(loop));
  });
  #library = new Library('');
  #loop: Loop | null = null;
  readonly #standing = new Standing(
    () => ({ loop: this.#loop, device: this.#machine.info }),
    (status) => this.#outbox?.status(status),
  );
  #run = 0;
  #queue: Promise<unknown> = Promise.resolve();

  open(port: MessagePort, site: string, device: DeviceKind): Promise<Outcome<DeviceInfo>> {
    return this.#command(async () => {
      this.#library = new Library(site);
      const outbox = new Outbox(idle, (frame: Frame, transfer) => port.postMessage(frame, transfer));
      this.#outbox = outbox;
      port.addEventListener('message', (event: MessageEvent<number>) => outbox.acknowledge(event.data));
      port.start();
      this.#machine.want(device);
      await this.#machine.open(0);
      return this.#device;
    });
  }

  move(device: DeviceKind): Promise<Outcome<Moved>> {
    return this.#command(async () => {
      const loop = this.#loaded;
      await loop.pause();
      // The way out for a run whose GPU is lost: its last copy is as good as there is.
      const present = await loop.save().catch((thrown: unknown) => {
        if (loop.snapshot) return loop.snapshot;
        throw thrown;
      });
      const place = this.#machine.place;
      const { fault } = this.#standing;
      this.#machine.want(device);
      try {
        const loaded = await this.#build(loop.trainer.experiment, true, (trainer) => trainer.restore(present));
        this.#loop?.lookAs(loop);
        // A run that has diverged has not on another device.
        if (fault?.kind === 'diverged') this.#standing.fail(fault);
        return { ...loaded, device: this.#device };
      } catch (thrown) {
        this.#machine.backTo(place);
        throw thrown;
      }
    });
  }

  load(experiment: Experiment, from: 'seed' | 'present'): Promise<Outcome<Loaded>> {
    return this.#command(async () => {
      const old = this.#loop;
      await old?.pause();
      const present = from === 'present' && old ? await old.save() : null;
      return this.#build(experiment, present !== null, (trainer) => {
        if (present) trainer.restore(present);
      });
    });
  }

  save(): Promise<Outcome<Uint8Array>> {
    return this.#command(() => writeCheckpoint(this.#loaded.trainer));
  }

  resume({ name, bytes }: NamedFile): Promise<Outcome<Loaded & { experiment: Experiment }>> {
    return this.#command(async () => {
      await this.#loop?.pause();
      const checkpoint = readCheckpoint(name, bytes);
      if (!checkpoint.run)
        throw new FaultError('data', `${name} holds weights, but no run of Feedback Lab to go on with.`);
      const { experiment } = checkpoint.run;
      const loaded = await this.#build(experiment, false, (trainer) => resume(trainer, checkpoint));
      return { ...loaded, experiment };
    });
  }

  addDataset(files: readonly NamedFile[]): Promise<Outcome<AddedDataset>> {
    return this.#command(() => this.#library.add(files));
  }

  start(): Promise<Outcome> {
    return this.#command(async () => {
      void this.#keepTraining();
      return null;
    });
  }

  pause(): Promise<Outcome> {
    return this.#command(async () => {
      await this.#loop?.pause();
      return null;
    });
  }

  step(batches: number): Promise<Outcome> {
    return this.#command(async () => {
      await this.#loaded.pause();
      const target = this.#loaded.trainer.step + batches;
      while ((await this.#train(target)) === 'lost' && (await this.#regain(this.#loaded)));
      return null;
    });
  }

  tune(change: LiveChange): Promise<Outcome> {
    return this.#command(async () => {
      const { trainer } = this.#loaded;
      const recut = await trainer.tune({ ...trainer.experiment, ...change });
      if (recut) this.#loaded.lookNow();
      this.#standing.refresh();
      return null;
    });
  }

  synapses(layer: number): Promise<Outcome<Synapses | null>> {
    return this.#command(async () => {
      const pairs = await this.#loaded.trainer.synapses(layer);
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

  /**
   * Builds an experiment's network, lets `start` write what it starts from, and makes it the running one. If anything
   * fails, the network that was there is still there, on the device that it was on.
   */
  async #build(experiment: Experiment, sameRun: boolean, start: (trainer: Trainer) => void): Promise<Loaded> {
    const [old, place, phase] = [this.#loop, this.#machine.place, this.#standing.phase];
    let trainer: Trainer | null = null;
    let dataset: Dataset | null = null;
    try {
      dataset = await this.#dataset(experiment.dataset);
      trainer = new Trainer(experiment, dataset, watched);
      this.#standing.show('preparing', { text: 'Preparing the network', share: null });
      await trainer.prepare(await this.#machine.fitting(trainer.largestBytes));
      start(trainer);
      await this.#warmUp(trainer);
    } catch (thrown) {
      if (place.device === this.#machine.place.device) trainer?.dispose();
      this.#machine.backTo(place);
      this.#standing.show(old ? phase : 'fault');
      throw thrown;
    }
    if (!sameRun) this.#outbox?.begin(++this.#run);
    old?.trainer.dispose();
    this.#machine.leave(place);
    this.#take(trainer);
    this.#standing.begin(this.#loaded);
    const { shape, classes } = dataset;
    return { run: this.#run, network: describe(trainer), dataset: { shape, classes } };
  }

  /** Carries out a command after the ones before it, and answers with data whatever happens. */
  #command<T>(work: () => Promise<T>): Promise<Outcome<T>> {
    const outcome = this.#queue.then(async (): Promise<Outcome<T>> => {
      try {
        return { ok: true, value: await work() };
      } catch (thrown) {
        return {
          ok: false,
          fault: thrown instanceof FileFault ? { kind: 'data', text: thrown.message } : toFault(thrown),
        };
      }
    });
    this.#queue = outcome;
    return outcome;
  }

  get #device(): DeviceInfo {
    const { info } = this.#machine;
    if (!info) throw new FaultError('internal', 'No device is open.');
    return info;
  }

  get #loaded(): Loop {
    if (!this.#loop) throw new FaultError('internal', 'No network is loaded yet.');
    return this.#loop;
  }

  #take(trainer: Trainer): void {
    this.#loop = new Loop(trainer, this.#outbox as Outbox, () => this.#standing.refresh());
  }

  async #warmUp(trainer: Trainer): Promise<void> {
    const text = 'Mirroring the weights before training';
    await trainer.warmUp((done, of) => this.#standing.show('preparing', { text, share: done / of }));
  }

  /** Trains until `until`, unless the device is lost; any other fault ends up in the status. */
  async #train(until: number): Promise<'ended' | 'lost'> {
    const loop = this.#loaded;
    if (this.#standing.phase === 'running') return 'ended';
    if (!loop.finished) this.#standing.show('running');
    try {
      if (!loop.finished) await loop.run(until);
      this.#standing.rest(this.#loaded);
    } catch (thrown) {
      const fault = toFault(thrown);
      if (fault.kind === 'device-lost') return 'lost';
      this.#standing.fail(fault);
    }
    return 'ended';
  }

  /** Trains to the end, across losses of the device. */
  async #keepTraining(): Promise<void> {
    const loop = this.#loaded;
    if ((await this.#train(Infinity)) === 'ended') return;
    // In turn with the other commands: two networks must not be built at once.
    await this.#command(async () => {
      if (await this.#regain(loop)) void this.#keepTraining();
    });
  }

  /** Gets a new device and rebuilds the network there from its last copy; false where that is no use. */
  async #regain(loop: Loop): Promise<boolean> {
    if (loop !== this.#loop) return false;
    const { experiment } = loop.trainer;
    let last: unknown = null;
    for (const seconds of retries) {
      this.#standing.show('preparing', { text: 'The GPU was lost; getting it back', share: null });
      await new Promise((resume) => setTimeout(resume, 1000 * seconds));
      this.#machine.drop();
      try {
        const trainer = new Trainer(experiment, await this.#dataset(experiment.dataset), watched);
        await trainer.prepare(await this.#machine.open(trainer.largestBytes));
        if (loop.snapshot) trainer.restore(loop.snapshot);
        await this.#warmUp(trainer);
        this.#take(trainer);
        const way =
          this.#device.kind === 'cpu' ? 'did not come back; the CPU goes on' : 'found again; training went on';
        this.#outbox?.notice(`The GPU was lost and ${way} from step ${trainer.step}.`);
        this.#standing.rest(this.#loaded);
        return true;
      } catch (thrown) {
        last = thrown;
      }
    }
    const { detail = '', text } = toFault(last);
    this.#standing.fail({
      kind: 'device-lost',
      text: 'The GPU was lost and did not come back. Restart the lab; if that does not help, restart the browser.',
      detail: `${text}\n${detail}`,
    });
    return false;
  }

  #dataset(id: string): Promise<Dataset> {
    const text = `Loading the images of ${id}`;
    return this.#library.get(id, (share) => this.#standing.show('loading', { text, share }));
  }
}
