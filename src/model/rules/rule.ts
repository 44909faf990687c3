import type { Experiment, FieldKey } from '../experiment.ts';
import type { streams } from '../rng.ts';
import type { WeightShape } from '../shape.ts';

/** How a feedback tensor starts (algorithms.md section 4). */
export type Init =
  /** Glorot uniform on the tensor's own shape, times `gain`. */
  | { readonly law: 'glorot'; readonly gain: number }
  /** Rows orthonormal: Q of a Gaussian's QR decomposition. */
  | { readonly law: 'orthogonal' }
  /** Computed by the rule before it is read. */
  | { readonly law: 'none' };

/** A feedback tensor that a rule asks for beside a layer's weight. */
export interface FeedbackSpec {
  /** `kernel`: looks like the layer's weight, with `channels` in place of its outputs. `projection`: outputs × channels, 1×1. */
  readonly form: 'kernel' | 'projection';
  readonly channels: number;
  readonly init: Init;
  /**
   * `fixed`; `learned` by SGD, so that it has a velocity; `estimated` from correlations; `derived` from other tensors;
   * or `redrawn` from its law before every forward pass that has a use for it.
   */
  readonly role: 'fixed' | 'learned' | 'estimated' | 'derived' | 'redrawn';
  /**
   * How sparse feedback cuts it (algorithms.md section 10): not at all, by its mask, or by its mask with the
   * survivors scaled by 1/√density so that their sum keeps its variance.
   */
  readonly mask: 'none' | 'plain' | 'rescaled';
  /** What its random numbers are for, so that another rule's equal tensor starts equal; `feedback` unless said. */
  readonly stream?: keyof typeof streams;
  /** The tensor of another rule that it starts as, where one that has it goes on under this rule. */
  readonly continues?: string;
  /** What the rule's equations call it; its name unless said. */
  readonly symbol?: string;
}

/**
 * One weight layer as a rule sees it, while the error travels back. A rule combines these and knows nothing of what
 * they compute: `W` (a tensor like a weight), `S` (a signal, one vector an example and position) and `M` (a matrix made of
 * such tensors, which is only read) are opaque to it.
 */
export interface Pathway<W, S, M = W> {
  /** The forward weight. */
  readonly weight: W;
  /** dL/dz at this layer's output. */
  readonly error: S;
  /** dL/dz at the network's output, laid over this layer's output grid. */
  readonly outputError: () => S;
  /** A feedback tensor that the rule asked for. */
  feedback(name: string): W;
  /** ē = e·B: the error through a 1×1 projection. */
  project(projection: W, error: S): S;
  /** Sends pullback(V, e) to the layer's input. The first layer has nobody to send to: there it does nothing. */
  send(kernel: W, error: S): void;
  /** One SGD step on V with the gradient outer(x, e): the layer's own learning rate, momentum and decay. */
  learn(kernel: W, error: S): void;
  /** One SGD step on V without a gradient: all that acts is its decay. */
  decay(kernel: W): void;
  /** target ← mask ∘ sign(W) ∘ magnitude, magnitude being a number or |tensor|. */
  follow(target: W, magnitude: number | W): void;
  /** Whether the layer's input is the images. */
  readonly first: boolean;
  /** Whether a layer follows. */
  readonly hidden: boolean;
  /** The path Σ_m B[o,m] R[m,i] of a projection and a kernel; looks like the weight. */
  path(projection: W, kernel: W): M;
  /** target ← of every connection its kind: the path's, the fixed, or the copied synapse's weight. */
  mix(target: W, path: M, fixed: W, copied: W, shares: Shares): void;
  /** The noise that reached this layer's input, of a rule with a `perturbation`; null for the first layer. */
  readonly noise: S | null;
  /** What the noise made of this layer's output: with it less without it. */
  fluctuation(): S;
  /** V ← (1 - rate) V + gain · K(x, y), K being the correlation averaged over examples and positions. */
  estimate(kernel: W, x: S, y: S, rate: number, gain: number): void;
}

/** One weight layer before the first step. */
export interface Beginning<W> {
  readonly weight: W;
  feedback(name: string): W;
  /** The path Σ_m B[o,m] R[m,i] of a projection and a kernel. */
  path(projection: W, kernel: W): W;
  /** A kernel whose output channels a symmetric projection mixes: Σ_p G[o,p] V[p,i]; looks like the kernel. */
  filter(kernel: W, projection: W): W;
  /** target ← a, less b if there is one. */
  keep(target: W, a: W, b?: W): void;
}

/** One weight layer on its own, in a phase in which noise and not images drive it (weight mirrors). */
export interface MirrorPhase<W, S> {
  readonly weight: W;
  /** Whether a ReLU follows the layer, before the next one with a weight; batch norm and a block's sum are left out. */
  readonly relu: boolean;
  feedback(name: string): W;
  /** Normal noise at the layer's input. */
  noise(deviation: number): S;
  /** What the layer makes of it: its weight without the bias, then its ReLU. */
  respond(x: S): S;
  /** Less the mean over the batch (and positions). */
  centre(signal: S): S;
  estimate(kernel: W, x: S, y: S, rate: number, gain: number): void;
}

/** Shares of a layer's connections in a mixture; what is left is copied. */
export interface Shares {
  readonly path: number;
  readonly fixed: number;
}

/** What the metrics ask of a rule: which tensor stands for the way back, and what it is compared with. */
export interface Comparison<W> {
  readonly weight: W;
  /** Whether the layer's input is the images. */
  readonly first: boolean;
  feedback(name: string): W;
  /**
   * The path Σ_m B[o,m] R[m,i] of a projection and a kernel; looks like the weight. The kernel has to learn from the error
   * through the projection what the weight learns from the error, at the weight's rates, as PFA has it.
   */
  path(projection: W, kernel: W): W;
  /** As in a `Beginning`. */
  filter(kernel: W, projection: W): W;
  sum(a: W, b: W): W;
  /** The explicit synapses of a mixture: 0 where a connection is of the path. */
  explicit(fixed: W, copied: W, shares: Shares): W;
  /** W_L ··· W_k, or null unless only fully connected layers follow. */
  chain(): W | null;
}

/** A mark in the paper's Table 1. `partly`: reduced but not eliminated, or better than FA but short of BP. */
export type Mark = 'yes' | 'no' | 'partly' | 'unclear';

/** The rows of the paper's Table 1, in its words. */
export const criteria = [
  'No need to transport weight sign',
  'No need to transport weight magnitude',
  'No separate feedback weight learning phase',
  'No explicit weight symmetry after training',
  'Accurate approximation to BP (path alignment)',
  'BP-level task performance',
] as const;

/** Where the rule comes from. */
export interface Source {
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  readonly url: string;
}

/** A learning rule: which operator the error goes back through, and how that operator learns. One file each. */
export interface Rule {
  readonly id: string;
  /** Short, for chips and legends: "PFA". */
  readonly name: string;
  readonly title: string;
  /** One plain sentence. */
  readonly sentence: string;
  /** TeX, in the paper's notation. */
  readonly equations: readonly string[];
  readonly source: Source;
  /** The rule whose numbers, with dense feedback, it computes in another way. */
  readonly equals?: Rule;
  /** Its column in the paper's Table 1, a mark for each of `criteria`; null if it has none. */
  readonly table: readonly [Mark, Mark, Mark, Mark, Mark, Mark] | null;
  /** The experiment's fields that only matter to rules like this one. */
  readonly fields: readonly FieldKey[];
  /** Where its recommended settings differ from the common ones, whatever the network; a preset has what it wants there. */
  readonly defaults: Partial<Experiment>;
  /** The feedback tensors of one weight layer, by name (`feedback`, `B`, `R`, … as a checkpoint calls them). */
  feedback(layer: WeightShape, experiment: Experiment, classes: number): Readonly<Record<string, FeedbackSpec>>;
  /** The standard deviation of noise on every hidden pre-activation, for rules that learn from it; see `Pathway.noise`. */
  perturbation?(experiment: Experiment): number;
  /**
   * Computes derived tensors from the ones that were drawn, or taken over from another network; before the first step. It is
   * linear in those that learn, so that done with velocities it gives the velocities.
   */
  begin?<W>(beginning: Beginning<W>, experiment: Experiment): void;
  /** One step of a phase of its own, after every update and `mirrorSteps` times before the first. */
  mirror?<W, S>(phase: MirrorPhase<W, S>, layer: WeightShape, experiment: Experiment): void;
  /** Brings derived tensors up to date with the weights; before every use of them. Training makes no use of the first layer's. */
  refresh?<W, S, M>(pathway: Pathway<W, S, M>, layer: WeightShape, experiment: Experiment): void;
  /** Sends the error on and lets the feedback learn. The forward weight's own update is everybody's and not the rule's. */
  back<W, S, M>(pathway: Pathway<W, S, M>, experiment: Experiment): void;
  /** The tensor that stands for the way back and the one it should align with; null where undefined. */
  compare<W>(comparison: Comparison<W>): { back: W; forward: W } | null;
  /** The explicit feedback synapses beside the forward weights, where they are something else than `compare` says. */
  synapses?<W>(comparison: Comparison<W>, experiment: Experiment): { back: W; forward: W };
}
