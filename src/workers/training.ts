import type { Dataset } from '../data/dataset.ts';
import { presentState } from '../gpu/checkpoint-state.ts';
import type { Device } from '../gpu/device.ts';
import { Trainer } from '../gpu/trainer.ts';
import { isKnownId, knownDatasets } from '../model/datasets.ts';
import type { Experiment } from '../model/experiment.ts';
import { FaultError, toFault } from '../model/fault.ts';
import type { Library } from './library.ts';
import { Loop, type State } from './loop.ts';
import { Machine } from './machine.ts';
import type { Outbox } from './outbox.ts';
import type { DeviceInfo, DeviceKind, Loaded, Moved } from './protocol.ts';
import { describe, Standing } from './standing.ts';

/** Seconds to wait before each try to get a lost GPU back. */
const retries = [0, 1, 5];
/** Losses in a row, without another copy between them, after which it is given up. */
const mostFruitless = 3;
/** Milliseconds that a network rests before its state is copied. */
const restBeforeCopy = 1000;
/** Milliseconds between words on how far the shaders are. */
const tellEvery = 100;

/** All that a network is built from, also for a second time. */
export interface Origin {
  readonly experiment: Experiment;
  /** Null for the one that the experiment names. */
  readonly dataset: Dataset | null;
  readonly shuffle: boolean;
  /** The state that it goes on from; null where it starts from its seed. */
  readonly state: (trainer: Trainer) => State | null;
}

/** What is to be saved of a run: its state at a step, which it may have left behind. */
export interface Copy {
  readonly trainer: Trainer;
  readonly present: State;
  readonly step: number;
}

/** What a loop's network is built from again, in another state or on another device. */
const again = ({ trainer }: Loop, state: State | null): Origin => ({
  experiment: trainer.experiment,
  dataset: trainer.dataset,
  shuffle: trainer.shuffle,
  state: () => state,
});

/** The running network and the device under it: built, trained, moved, and got back when the device is lost. */
export class Training {
  readonly standing: Standing;
  readonly #machine: Machine;
  readonly #library: Library;
  readonly #outbox: Outbox;
  readonly #inTurn: (work: () => Promise<void>) => Promise<unknown>;
  #loop: Loop | null = null;
  #run = 0;
  /** Whether it is to go on by itself: nobody has paused it since it was started. */
  #going = false;
  /** The step at which its last replacement device took over; -1 for none. */
  #regainedAt = -1;
  /** Losses in a row without another copy between them. */
  #fruitless = 0;
  #copying: ReturnType<typeof setTimeout> | undefined;

  /** `inTurn` has work done after the commands before it: two networks must not be built at once. */
  constructor(library: Library, outbox: Outbox, inTurn: (work: () => Promise<void>) => Promise<unknown>) {
    this.#library = library;
    this.#outbox = outbox;
    this.#inTurn = inTurn;
    this.#machine = new Machine(() => {
      const loop = this.#loop;
      void inTurn(async () => {
        // While it trains the loop itself finds out.
        if (loop && this.standing.resting) await this.#regain(loop);
      });
    });
    this.standing = new Standing(
      () => ({ loop: this.#loop, device: this.#machine.info }),
      (status) => outbox.status(status),
    );
  }

  /** What it trains on. Throws a FaultError while there is nothing. */
  get device(): DeviceInfo {
    const { info } = this.#machine;
    if (!info) throw new FaultError('internal', 'No device is open.');
    return info;
  }

  /** The running network; null before the first. */
  get loop(): Loop | null {
    return this.#loop;
  }

  /** The running network. Throws a FaultError before there is one. */
  get loaded(): Loop {
    if (!this.#loop) throw new FaultError('internal', 'No network is loaded yet.');
    return this.#loop;
  }

  /** Gets a device of this kind, if there is one. */
  async open(device: DeviceKind): Promise<DeviceInfo> {
    this.#machine.want(device);
    await this.#machine.open(0);
    return this.device;
  }

  /** Takes the network, paused, to a device of another kind. */
  async move(device: DeviceKind): Promise<Moved> {
    const loop = this.loaded;
    await this.pause();
    const present = await loop.save().catch((thrown: unknown) => {
      // The way out for a run whose GPU is lost: its last copy, or its seed, is as good as there is.
      if (toFault(thrown).kind !== 'device-lost') throw thrown;
      this.#outbox.notice(`The GPU is lost. The run goes on from its last copy, of step ${loop.snapshotStep}.`);
      return loop.snapshot;
    });
    const place = this.#machine.place;
    const { fault } = this.standing;
    this.#machine.want(device);
    try {
      const loaded = await this.build(again(loop, present), true);
      this.loaded.lookAs(loop);
      // A run that has diverged is no better on another device.
      if (fault?.kind === 'diverged') this.standing.fail(fault);
      return { ...loaded, device: this.device };
    } catch (thrown) {
      this.#machine.backTo(place);
      throw thrown;
    }
  }

  /** Builds a network and makes it the running one. If anything fails, the one that was there still is, on its device. */
  async build(origin: Origin, sameRun: boolean): Promise<Loaded> {
    const [old, place, phase] = [this.#loop, this.#machine.place, this.standing.phase];
    let loop: Loop;
    try {
      loop = await this.#construct(origin, (bytes) => this.#machine.fitting(bytes));
    } catch (thrown) {
      this.#machine.backTo(place);
      this.standing.show(old ? phase : 'fault');
      throw thrown;
    }
    if (sameRun) this.#outbox.takeOver(loop.trainer.step);
    else this.#outbox.begin(++this.#run);
    this.#regainedAt = -1;
    this.#fruitless = 0;
    old?.trainer.dispose();
    this.#machine.leave(place);
    this.#loop = loop;
    this.standing.begin(loop);
    const { shape, classes } = loop.trainer.dataset;
    const { step } = loop.trainer;
    const { part } = this.#outbox;
    return { run: this.#run, part, step, network: describe(loop.trainer), dataset: { shape, classes } };
  }

  /** Trains until it is paused or done, across losses of the device. */
  start(): void {
    this.#going = true;
    void this.#keepTraining();
  }

  async pause(): Promise<void> {
    this.#going = false;
    await this.#loop?.pause();
  }

  /** Trains `batches` steps from where it stands. */
  async step(batches: number): Promise<void> {
    await this.pause();
    const target = this.loaded.trainer.step + batches;
    while ((await this.#train(target)) === 'lost' && (await this.#regain(this.loaded)));
  }

  /** Copies the running network's whole state between two steps, when the page knows all that came of the ones before. */
  copy(): Promise<Copy> {
    const loop = this.loaded;
    const { trainer } = loop;
    return loop.between(async () => {
      const present = await presentState(trainer);
      await this.#outbox.delivered();
      return { trainer, present, step: trainer.step };
    });
  }

  /** Looks at the running network at once. What it was done for stands, also where the look fails. */
  async look(): Promise<void> {
    try {
      await this.loaded.lookNow();
    } catch (thrown) {
      const fault = toFault(thrown);
      // A device that is lost is got back, and the network with it.
      if (fault.kind !== 'device-lost') this.standing.fail(fault);
    }
  }

  async #construct(
    { experiment, dataset, shuffle, state }: Origin,
    on: (bytes: number) => Promise<Device>,
  ): Promise<Loop> {
    const images = dataset ?? (await this.#imagesOf(experiment.dataset));
    // A page looks as often as it can.
    const trainer = new Trainer(experiment, images, { extrapolate: true, shuffle });
    this.standing.show('preparing', { text: 'Preparing the network', share: null });
    const device = await on(trainer.largestBytes);
    await this.#watching(device, () => trainer.prepare(device));
    try {
      const from = state(trainer);
      if (from) await trainer.takeOver(from);
      const text = 'Mirroring the weights before training';
      await trainer.warmUp((done, of) => this.standing.show('preparing', { text, share: done / of }));
      return new Loop(trainer, this.#outbox, () => this.standing.refresh(), from);
    } catch (thrown) {
      trainer.dispose();
      throw thrown;
    }
  }

  /** Tells how far the shaders are that some work has a device compile: on a slow one they take seconds. */
  async #watching(device: Device, work: () => Promise<void>): Promise<void> {
    const { shaders } = device;
    const before = shaders.done;
    const tell = (): void => {
      const [done, of] = [shaders.done - before, shaders.asked - before];
      const text = `Preparing: ${done} of ${of} shaders`;
      if (of > 0) this.standing.show('preparing', { text, share: done / of });
    };
    const timer = setInterval(tell, tellEvery);
    try {
      await work();
    } finally {
      clearInterval(timer);
    }
  }

  #imagesOf(id: string): Promise<Dataset> {
    const text = `Loading ${isKnownId(id) ? knownDatasets[id].name : 'your images'}`;
    return this.#library.get(id, (share) => this.standing.show('loading', { text, share }));
  }

  /** Trains until `until`, unless the device is lost; any other fault ends up in the status. */
  async #train(until: number): Promise<'ended' | 'lost'> {
    const loop = this.loaded;
    if (loop.running) return 'ended';
    try {
      if (!loop.finished) {
        this.standing.show('running');
        await loop.run(until);
      }
    } catch (thrown) {
      const fault = toFault(thrown);
      if (fault.kind !== 'device-lost') {
        this.standing.fail(fault);
        return 'ended';
      }
      this.#fruitless = loop.snapshotStep > this.#regainedAt ? 0 : this.#fruitless + 1;
      return 'lost';
    }
    // It may have come to rest just before it would have noticed.
    if (this.#machine.info === null) return 'lost';
    this.standing.rest(loop);
    this.#copySoon(loop);
    return 'ended';
  }

  /** Copies what has come to rest, once it seems to stay: a GPU is lost when a laptop sleeps, and that is when nobody trains. */
  #copySoon(loop: Loop): void {
    clearTimeout(this.#copying);
    this.#copying = setTimeout(() => {
      void this.#inTurn(async () => {
        if (loop === this.#loop && !loop.running && loop.snapshotStep < loop.trainer.step) await loop.save();
      });
    }, restBeforeCopy);
  }

  async #keepTraining(): Promise<void> {
    const loop = this.loaded;
    if ((await this.#train(Infinity)) === 'ended') return;
    await this.#inTurn(async () => {
      if ((await this.#regain(loop)) && this.#going) void this.#keepTraining();
    });
  }

  /** Gets a new device and rebuilds the network there from its last copy; false where that is no use. */
  async #regain(lost: Loop): Promise<boolean> {
    if (lost !== this.#loop) return false;
    let last: unknown = null;
    // Training that loses its GPU again and again before it gets anywhere does so for a reason that will not go away.
    const waits = this.#fruitless < mostFruitless ? retries : [];
    for (const [i, seconds] of waits.entries()) {
      this.standing.show('preparing', { text: 'The GPU was lost; getting it back', share: null });
      await new Promise((resume) => setTimeout(resume, 1000 * seconds));
      this.#machine.drop();
      try {
        const loop = await this.#construct(again(lost, lost.snapshot), (bytes) =>
          // The CPU is the last resort: a browser may need a moment to have a GPU again.
          i < waits.length - 1 ? this.#machine.reopen(bytes) : this.#machine.open(bytes),
        );
        this.#loop = loop;
        this.#regainedAt = loop.trainer.step;
        this.#outbox.goBack(loop.trainer.step);
        const way = this.device.kind === 'cpu' ? 'did not come back; the CPU goes on' : 'found again; it goes on';
        this.#outbox.notice(`The GPU was lost and ${way} from step ${loop.trainer.step}.`);
        this.standing.begin(loop);
        return true;
      } catch (thrown) {
        last = thrown;
      }
    }
    const { detail = '', text } = toFault(
      last ?? new Error('It was lost again and again, before there was another copy.'),
    );
    this.standing.fail({
      kind: 'device-lost',
      text: 'The GPU was lost and did not come back. The CPU can go on from the last copy; for the GPU, restart the browser.',
      detail: `${text}\n${detail}`,
    });
    return false;
  }
}
