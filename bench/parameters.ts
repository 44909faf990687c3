import type { Start, Workload } from './workload.ts';

/** Numbers and their shape, ready for a library's constructor. */
export interface Block {
  readonly numbers: Float32Array<ArrayBuffer>;
  readonly shape: number[];
}

/** The parameters of one layer. A weight is [inputs, outputs], or a filter; B and R are there under PFA alone. */
export interface Layer {
  readonly weight: Block;
  readonly bias: Block;
  readonly projection: Block | null;
  readonly kernel: Block | null;
}

/** Channels last: filters [kh, kw, in, out], as tfjs has them. Channels first: [out, in, kh, kw], as jax-js has them. */
export type Layout = 'channels last' | 'channels first';

/** Our start as the libraries' layers. */
export function parametersOf({ experiment }: Workload, { dataset, parameters }: Start, layout: Layout): Layer[] {
  const layers: Layer[] = [];
  let inputs = dataset.shape.channels;
  let places = dataset.shape.height * dataset.shape.width;
  const specs = [...experiment.layers.map((layer) => layer.kind), 'linear'];
  for (const [index, kind] of specs.entries()) {
    const numbers = Float32Array.from(named(parameters, `layers.${index}.weight`));
    const isConv = kind === 'conv';
    const flat = isConv ? 9 * inputs : places * inputs;
    const outputs = numbers.length / (flat + 1);
    const weight = { numbers: numbers.slice(0, flat * outputs), shape: [flat, outputs] };
    const optional = (key: string, rows: number): Block | null => {
      const values = parameters.get(`layers.${index}.${key}`);
      return values ? { numbers: Float32Array.from(values), shape: [rows, values.length / rows] } : null;
    };
    layers.push({
      weight: isConv
        ? filter(weight.numbers, inputs, outputs, layout)
        : dense(weight.numbers, places, inputs, outputs, layout),
      bias: { numbers: numbers.slice(flat * outputs), shape: [outputs] },
      projection: optional('B', outputs),
      // Factored PFA keeps where R starts.
      kernel: optional('R', flat) ?? optional('R0', flat),
    });
    inputs = outputs;
    places = isConv ? places / (index === 0 ? 1 : 4) : 1;
  }
  return layers;
}

function named<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`There is no parameter ${name}.`);
  return value;
}

function filter(numbers: Float32Array<ArrayBuffer>, inputs: number, outputs: number, layout: Layout): Block {
  if (layout === 'channels last') return { numbers, shape: [3, 3, inputs, outputs] };
  const turned = new Float32Array(numbers.length);
  for (let tap = 0; tap < 9; tap++)
    for (let i = 0; i < inputs; i++)
      for (let o = 0; o < outputs; o++) turned[(o * inputs + i) * 9 + tap] = numbers[(tap * inputs + i) * outputs + o];
  return { numbers: turned, shape: [outputs, inputs, 3, 3] };
}

/** A dense weight; behind a map with its channels first, its rows have to follow. */
function dense(
  numbers: Float32Array<ArrayBuffer>,
  places: number,
  inputs: number,
  outputs: number,
  layout: Layout,
): Block {
  const shape = [places * inputs, outputs];
  if (layout === 'channels last' || inputs === 1 || places === 1) return { numbers, shape };
  const turned = new Float32Array(numbers.length);
  for (let place = 0; place < places; place++)
    for (let i = 0; i < inputs; i++)
      turned.set(
        numbers.subarray((place * inputs + i) * outputs, (place * inputs + i + 1) * outputs),
        (i * places + place) * outputs,
      );
  return { numbers: turned, shape };
}
