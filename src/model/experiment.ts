import type { LayerSpec } from './network.ts';

/** Everything that defines a run: the same experiment on the same adapter gives the same bits. */
export interface Experiment {
  readonly rule: string;
  readonly dataset: string;
  /** The layers between the input and the output layer. */
  readonly layers: readonly LayerSpec[];
  /** What happens to a training image on its way in: nothing, or a random shift and mirroring. */
  readonly augment: string;
  /** Nm / N_out, the paper's 1/λ. */
  readonly expansion: number;
  /** Share of the feedback connections that are cut. */
  readonly sparsity: number;
  readonly batch: number;
  readonly epochs: number;
  readonly rate: number;
  /** Full epochs after which the learning rate is multiplied by `rateFactor`. */
  readonly rateDrops: readonly number[];
  readonly rateFactor: number;
  readonly momentum: number;
  readonly decay: number;
  /** Weight decay during the first `earlyEpochs` epochs. */
  readonly earlyDecay: number;
  readonly earlyEpochs: number;
  /** λ_B: share of the feedback that each correlation replaces (WM, PAL), in fully connected and in convolutional layers. */
  readonly mirrorRate: number;
  readonly convMirrorRate: number;
  /** Standard deviation σ of the noise (WM, PAL). */
  readonly noise: number;
  /** Noise examples of a mirror step, and mirror steps before training (WM). */
  readonly mirrorBatch: number;
  readonly mirrorSteps: number;
  /** α: what the correlation is divided by, in hidden layers and at the output (PAL). */
  readonly alpha: number;
  readonly outputAlpha: number;
  /** Shares of the connections that are PFA paths and fixed synapses (mixed); the rest copies the updates of W. */
  readonly pathShare: number;
  readonly fixedShare: number;
  readonly seed: number;
  /** Networks that train in lock-step, seeds `seed`, `seed + 1`, … */
  readonly replicas: number;
}

export type FieldKey = keyof Experiment;
