import { stream } from '../model/rng.ts';
import type { FeedbackSpec, Init } from '../model/rules/rule.ts';
import { glorotBound, type WeightShape } from '../model/shape.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { fill } from './kernels/fill.ts';
import { mask as maskKernel, maskWords } from './kernels/mask.ts';
import { cut, thin } from './kernels/sparsify.ts';
import { uniform } from './kernels/uniform.ts';
import type { Plan } from './plan.ts';
import type { Tensor } from './tensor.ts';

/** What all networks of an experiment share. */
export interface Common {
  /** [R] seeds. */
  readonly seed: Tensor;
  /** [R] training steps done. */
  readonly clock: Tensor;
  /** [R][4]: learning rate, momentum, decay, density. */
  readonly rates: Tensor;
  /** Whether noise and redrawn tensors are written from outside and not drawn: for tests against recorded numbers. */
  readonly injected: boolean;
}

/** How sparse feedback cuts a parameter. */
export interface Sparse {
  /** [R][⌈size/32⌉]: one bit a connection, set where it is kept. */
  readonly bits: Tensor;
  /** The dense tensor that a fixed one is cut from; null for a learned one, which is cut in place. */
  readonly full: Tensor | null;
  readonly rescaled: boolean;
  readonly stream: number;
}

/** How a tensor starts: by a law of feedback tensors, or as two rows of one number each. */
type Start = Init | { readonly law: 'rows'; readonly first: number; readonly second: number };

/** A tensor of the model: a matrix [rows (+1 for the bias)][columns], the transpose of the paper's and PyTorch's. */
export interface Parameter {
  /** `layers.0.weight`, as a checkpoint calls it. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly bias: boolean;
  /** `kernel`: like a weight, its rows running over taps and inputs. The others have their rows in the reference's order. */
  readonly form: 'kernel' | 'projection' | 'vector';
  /** Its shape in the reference, which is PyTorch's, without the bias. */
  readonly shape: readonly number[];
  readonly value: Tensor;
  /** SGD's velocity, if it learns by gradient. */
  readonly velocity: Tensor | null;
  /** Drawn anew before every forward pass. */
  readonly redrawn: boolean;
  readonly sparse: Sparse | null;
  readonly init: Start;
  /** Glorot's bound on its own shape. */
  readonly bound: number;
  readonly stream: number;
  /** Another rule's tensor that it starts as, where a network with that tensor goes on under this rule. */
  readonly continues?: string;
}

/** All tensors of a parameter: value, velocity, mask and dense tensor, as far as it has them. */
export const tensorsOf = ({ value, velocity, sparse }: Parameter): Tensor[] =>
  [value, velocity, sparse?.bits, sparse?.full].filter((tensor) => tensor !== null && tensor !== undefined);

/** PyTorch's shape of a tensor like a layer's weight. A convolution's has the sides of its window, a fully connected one none. */
const kernelShape = (shape: WeightShape, channels: number): number[] =>
  shape.convolves ? [channels, shape.inputs, shape.kernel, shape.kernel] : [channels, shape.inputs];

/** The forward weight of layer `index`. */
export function planWeight(plan: Plan, index: number, shape: WeightShape): Parameter {
  const rows = shape.inputs * shape.kernel * shape.kernel;
  const name = `layers.${index}.weight`;
  const size = (rows + Number(shape.bias)) * shape.outputs;
  return {
    name,
    rows,
    columns: shape.outputs,
    bias: shape.bias,
    form: 'kernel',
    shape: kernelShape(shape, shape.outputs),
    value: plan.tensor(name, size),
    velocity: plan.tensor(`${name}.velocity`, size),
    redrawn: false,
    sparse: null,
    init: { law: 'glorot', gain: 1 },
    bound: glorotBound(shape, shape.inputs, shape.outputs),
    stream: stream('weight', index),
  };
}

/** A feedback tensor of layer `index`. `variant` numbers those of one layer, so that each has a mask of its own. */
export function planFeedback(
  plan: Plan,
  index: number,
  shape: WeightShape,
  key: string,
  spec: FeedbackSpec,
  variant: number,
): Parameter {
  const name = `layers.${index}.${key}`;
  const projection = spec.form === 'projection';
  const rows = projection ? shape.outputs : shape.inputs * shape.kernel * shape.kernel;
  const size = rows * spec.channels;
  const gain = spec.init.law === 'glorot' ? spec.init.gain : 1;
  const bound = projection
    ? Math.sqrt(6 / (shape.outputs + spec.channels))
    : glorotBound(shape, shape.inputs, spec.channels);
  return {
    name,
    rows,
    columns: spec.channels,
    bias: false,
    form: spec.form,
    shape: projection ? [rows, spec.channels] : kernelShape(shape, spec.channels),
    value: plan.tensor(name, size),
    velocity: spec.role === 'learned' ? plan.tensor(`${name}.velocity`, size) : null,
    redrawn: spec.role === 'redrawn',
    sparse:
      spec.mask === 'none'
        ? null
        : {
            bits: plan.tensor(`${name}.mask`, maskWords(size), { type: 'u32' }),
            full: spec.role === 'fixed' ? plan.tensor(`${name}.full`, size) : null,
            rescaled: spec.mask === 'rescaled',
            stream: stream('mask', index, variant),
          },
    init: spec.init,
    bound: gain * bound,
    // Tensors without a stream of their own share the feedback's, each with its variant.
    stream: spec.stream ? stream(spec.stream, index) : stream('feedback', index, variant),
    ...(spec.continues && { continues: `layers.${index}.${spec.continues}` }),
  };
}

/** Scale and shift of batch norm `index`, and its running mean and variance. */
export function planNorm(plan: Plan, index: number, channels: number): { scale: Parameter; running: Parameter } {
  const common = { columns: channels, form: 'vector', redrawn: false, sparse: null, bound: 0, stream: 0 } as const;
  const [scale, running] = [`norms.${index}.weight`, `norms.${index}.running`];
  return {
    scale: {
      ...common,
      name: scale,
      rows: 1,
      bias: true,
      shape: [channels],
      value: plan.tensor(scale, 2 * channels),
      velocity: plan.tensor(`${scale}.velocity`, 2 * channels),
      init: { law: 'rows', first: 1, second: 0 },
    },
    running: {
      ...common,
      name: running,
      rows: 2,
      bias: false,
      shape: [2, channels],
      value: plan.tensor(running, 2 * channels),
      velocity: null,
      init: { law: 'rows', first: 0, second: 1 },
    },
  };
}

/** Draws a parameter's initial value, with `stepped` another one at every step. Laws other than these need no dispatch here. */
export function drawParameter(parameter: Parameter, common: Common, stepped = false): Dispatch[] {
  const { init } = parameter;
  if (init.law === 'rows')
    return [
      dispatch(fill, { value: parameter.value }, { N: parameter.columns, FIRST: init.first, SECOND: init.second }),
    ];
  if (init.law !== 'glorot') return [];
  const { bound, stream: id, rows, columns } = parameter;
  const value = parameter.sparse?.full ?? parameter.value;
  return [
    dispatch(
      uniform,
      { value, seed: common.seed, clock: common.clock },
      { COUNT: rows * columns, SIZE: value.size, BOUND: bound, STREAM: id, STEPPED: stepped },
    ),
  ];
}

/**
 * Draws a parameter's mask at the density in force, and cuts the parameter by it. In a parameter that learns, connections
 * that come back start at 0, at rest.
 */
export function sparsifyParameter(
  { value, velocity, sparse, rows, columns, init }: Parameter,
  common: Common,
): Dispatch[] {
  if (!sparse) return [];
  const COUNT = rows * columns;
  const { bits, full, rescaled } = sparse;
  const draw = dispatch(
    maskKernel,
    { mask: bits, seed: common.seed, rates: common.rates },
    { COUNT, STREAM: sparse.stream },
  );
  if (init.law === 'none') return [draw];
  const rates = common.rates;
  return [
    draw,
    full
      ? dispatch(thin, { value, full, mask: bits, rates }, { COUNT, RESCALED: rescaled })
      : dispatch(cut, { value, mask: bits }, { COUNT }),
    ...(velocity ? [dispatch(cut, { value: velocity, mask: bits }, { COUNT })] : []),
  ];
}
