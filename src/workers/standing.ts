import type { Trainer } from '../gpu/trainer.ts';
import type { Fault } from '../model/fault.ts';
import { parameterCount } from '../model/shape.ts';
import type { Loop } from './loop.ts';
import type { DeviceInfo, NetworkInfo, Phase, Status } from './protocol.ts';

/** How it stands before anything has happened. */
export const idle: Status = {
  phase: 'loading',
  activity: null,
  fault: null,
  step: 0,
  totalSteps: 0,
  stepsPerEpoch: 0,
  stepsPerSecond: 0,
  imagesPerSecond: 0,
  eta: null,
  device: null,
};

/** What a standing looks at. */
export interface Scene {
  readonly loop: Loop | null;
  readonly device: DeviceInfo | null;
}

/** How the worker stands: what it is doing, what went wrong, how far it is. Whatever changes is told. */
export class Standing {
  readonly #scene: () => Scene;
  readonly #tell: (status: Status) => void;
  #phase: Phase = 'loading';
  #activity: Status['activity'] = null;
  #fault: Fault | null = null;

  constructor(scene: () => Scene, tell: (status: Status) => void) {
    this.#scene = scene;
    this.#tell = tell;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get fault(): Fault | null {
    return this.#fault;
  }

  /** Whether a network is there and nothing happens to it. */
  get resting(): boolean {
    return this.#phase === 'ready' || this.#phase === 'paused' || this.#phase === 'finished';
  }

  show(phase: Phase, activity: Status['activity'] = null): void {
    this.#phase = phase;
    this.#activity = activity;
    this.#tell(this.#status);
  }

  /** The numbers have moved. */
  refresh(): void {
    this.show(this.#phase);
  }

  fail(fault: Fault): void {
    this.#fault = fault;
    this.show('fault');
  }

  /** Nothing is under way with this loop. */
  rest({ finished, trainer }: Loop): void {
    this.show(finished ? 'finished' : trainer.step > 0 ? 'paused' : 'ready');
  }

  /** A network was built: what went wrong with the one before is over. */
  begin(loop: Loop): void {
    this.#fault = null;
    this.rest(loop);
  }

  get #status(): Status {
    const { loop, device } = this.#scene();
    const base = { phase: this.#phase, activity: this.#activity, fault: this.#fault, device };
    if (!loop) return { ...idle, ...base };
    const { step, epochSteps, experiment } = loop.trainer;
    const speed = loop.pace.speed;
    return {
      ...base,
      step,
      totalSteps: loop.totalSteps,
      stepsPerEpoch: epochSteps,
      stepsPerSecond: speed,
      imagesPerSecond: speed * experiment.batch * experiment.replicas,
      eta: speed > 0 ? (loop.totalSteps - step) / speed : null,
    };
  }
}

/** What the page needs to know of a network. */
export function describe(trainer: Trainer): NetworkInfo {
  const { network } = trainer;
  const feedback = network.weights.flatMap((layer) => Object.values(layer.feedback));
  return {
    layers: network.weights.map((layer) => `layer ${layer.index + 1}`),
    stepsPerEpoch: trainer.epochSteps,
    parameters: network.weights.reduce((sum, layer) => sum + parameterCount(layer.shape), 0),
    feedbackParameters: feedback.reduce((sum, { rows, columns }) => sum + rows * columns, 0),
    bytes: trainer.bytes,
    launches: trainer.launches,
  };
}
