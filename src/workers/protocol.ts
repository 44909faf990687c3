import type { WebGpuProblem } from '../gpu/adapter.ts';
import type { DeviceKind } from '../gpu/device.ts';
import type { NamedFile } from '../data/files.ts';
import type { Curves } from '../model/curves.ts';
import type { Experiment } from '../model/experiment.ts';
import type { DatasetShape } from '../model/datasets.ts';
import type { Fault } from '../model/fault.ts';
import type { Shape } from '../model/shape.ts';
import type { Relation } from '../model/synapses.ts';

/** Every command answers with its result or with a fault, as data: an Error would lose its kind on the way. */
export type Outcome<Value = null> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: Fault };

export type { DeviceKind, NamedFile, WebGpuProblem };

/** The machine that does the arithmetic. */
export interface DeviceInfo {
  readonly kind: DeviceKind;
  /** The adapter's name as the browser tells it, or "CPU" and how it computes. */
  readonly name: string;
  /** True for a software adapter: WebGPU without a GPU. */
  readonly software: boolean;
  /** Why the lab runs on the CPU instead of WebGPU, if it does. */
  readonly problem: WebGpuProblem | null;
}

/** What the page needs to know of a network once it is built. */
export interface NetworkInfo {
  /** The names of the weight layers, first to last: "layer 1", … */
  readonly layers: readonly string[];
  readonly stepsPerEpoch: number;
  readonly parameters: number;
  readonly feedbackParameters: number;
  /** Bytes of all buffers on the device. */
  readonly bytes: number;
  /** What a device is given to do for one training step, joined dispatches counted as one. */
  readonly launches: number;
}

export type Phase = 'loading' | 'preparing' | 'ready' | 'running' | 'paused' | 'finished' | 'fault';

export interface Status {
  readonly phase: Phase;
  /** What it is doing while `loading` or `preparing`, with a share in [0, 1] or null when unknown. */
  readonly activity: { readonly text: string; readonly share: number | null } | null;
  readonly fault: Fault | null;
  readonly step: number;
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  readonly stepsPerSecond: number;
  readonly imagesPerSecond: number;
  /** Seconds until the last epoch ends, or null while it cannot be told. */
  readonly eta: number | null;
  /** What it trains on: another one after a loss, perhaps. Null while there is none. */
  readonly device: DeviceInfo | null;
}

/**
 * One batch of news, at most one in flight: the page answers each with the number of the frame.
 * Rows are flat; R is the number of replicas, L the number of weight layers. NaN stands for "undefined".
 */
export interface Frame {
  readonly number: number;
  /** Which run this belongs to; it goes up with every restart. News of an older run is stale. */
  readonly run: number;
  /** Which part of the run its rows are of; it goes up when another network takes over, with another rule or on another device. */
  readonly part: number;
  readonly status: Status;
  /** Things worth telling that are no fault: "The GPU was lost; recovered at step 120." */
  readonly notices: readonly string[];
  /** The step that the run has gone back to, with a copy of its state; null if it has not. What was told of later steps is void. */
  readonly back: number | null;
  /** Rows of [step, then for each replica: loss mean, loss min, loss max, accuracy mean] over the steps since the last row. */
  readonly train: Float32Array;
  /** Rows of [step, then for each replica: loss, accuracy] on all test images. */
  readonly test: Float32Array;
  /** Rows of [step, then for each layer, for each replica: angle in degrees, ratio, angle of the update in degrees]. */
  readonly alignment: Float32Array;
}

/** Settings that act on the running network; see `effect` in the table of fields. */
export type LiveChange = Partial<Experiment>;

/** A network that was built. */
export interface Loaded {
  readonly run: number;
  /** The part of the run that begins with it. */
  readonly part: number;
  /** Training steps that it has behind it. */
  readonly step: number;
  readonly network: NetworkInfo;
  /** What the images are that it was built for. */
  readonly dataset: DatasetShape;
}

/** The network on another device. */
export interface Moved extends Loaded {
  readonly device: DeviceInfo;
}

/** A run of a file. */
export interface Resumed extends Loaded {
  readonly experiment: Experiment;
  /** What was reported of it, if that was kept. */
  readonly curves: Curves | null;
  /** What of the file could not be used. */
  readonly notices: readonly string[];
}

/** A run as a safetensors file. */
export interface Saved {
  readonly bytes: Uint8Array;
  /** Training steps that it holds: the run may have gone on since. */
  readonly step: number;
}

/** A data set that the visitor brought. */
export interface AddedDataset {
  readonly id: string;
  readonly name: string;
  readonly train: number;
  readonly test: number;
  readonly classes: number;
  readonly shape: Shape;
  /** Whether the browser keeps it; otherwise it is gone when the page is closed. */
  readonly kept: boolean;
}

/** The feedback synapses of one layer beside its forward weights. */
export interface Synapses extends Relation {
  /** A sample of the pairs; `correlation` and `angle` are of all of them. */
  readonly forward: Float32Array;
  readonly feedback: Float32Array;
  readonly pairs: number;
}

/** What the network says to the first test images. */
export interface Answers {
  /** Training steps that it had done. */
  readonly step: number;
  /** Of one image. */
  readonly shape: Shape;
  /** Red, green, blue and opacity of the pixels, image after image. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  /** The class of each image, the one that the network names, and how sure it is of that: its softmax. */
  readonly labels: readonly number[];
  readonly named: readonly number[];
  readonly sure: readonly number[];
}

/** The worker's commands, over comlink. */
export interface LabApi {
  /** Gets a device of this kind, if there is one. Frames travel on `port`; the data sets lie beside the page, at `site`. Call once, first. */
  open(port: MessagePort, site: string, device: DeviceKind): Promise<Outcome<DeviceInfo>>;
  /** Takes the running network, paused, to a device of another kind. */
  move(device: DeviceKind): Promise<Outcome<Moved>>;
  /** Builds the experiment's network: from its seed, or from the running network's weights, step and velocity. */
  load(experiment: Experiment, from: 'seed' | 'present'): Promise<Outcome<Loaded>>;
  start(): Promise<Outcome>;
  pause(): Promise<Outcome>;
  /** Trains `batches` steps and pauses again. */
  step(batches: number): Promise<Outcome>;
  /** Changes live settings of the running network. */
  tune(change: LiveChange): Promise<Outcome>;
  /** Copies the whole state of the run between two steps, for `save`; the page then has all that was reported until there. */
  copy(): Promise<Outcome>;
  /** The state that was copied last, and what was reported of the run, as a safetensors file. */
  save(curves: Curves | null): Promise<Outcome<Saved>>;
  /** Goes on with the run of a file that `save` wrote, in place of the present one. */
  resume(file: NamedFile): Promise<Outcome<Resumed>>;
  /** Reads the files of a data set and keeps it in this browser; from then on experiments can name it by its id. */
  addDataset(files: readonly NamedFile[]): Promise<Outcome<AddedDataset>>;
  /** The ids of the data sets that can be had: those of the site, and those that this browser keeps. */
  datasets(): Promise<Outcome<readonly string[]>>;
  /** Forward against feedback weights of a layer, where it stands; null where the rule has nothing to compare there. */
  synapses(layer: number): Promise<Outcome<Synapses | null>>;
  /** What the network said to the first test images at the last test; null before that. */
  answers(): Promise<Outcome<Answers | null>>;
}
