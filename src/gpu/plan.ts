import type { Numbers, Tensor } from './tensor.ts';

/**
 * The memory of one experiment: every tensor it will ever use, laid out before the device is asked for any of it.
 * A name stands for one tensor. Whoever asks for it again shares it, so a shared name claims that the uses do not overlap.
 */
export class Plan {
  readonly #tensors = new Map<string, Tensor>();
  readonly #constants = new Map<Tensor, Numbers>();
  readonly replicas: number;

  constructor(replicas: number) {
    this.replicas = replicas;
  }

  get tensors(): Tensor[] {
    return [...this.#tensors.values()];
  }

  /** Tensors whose numbers are known in advance; they are written once. */
  get constants(): ReadonlyMap<Tensor, Numbers> {
    return this.#constants;
  }

  /** A tensor that all replicas share and that never changes. */
  constant(name: string, numbers: Numbers): Tensor {
    const tensor = this.tensor(name, numbers.length, { shared: true });
    this.#constants.set(tensor, numbers);
    return tensor;
  }

  /** `size` numbers for each replica, or for all of them together if `shared`. */
  tensor(
    name: string,
    size: number,
    options: { readonly type?: 'f32' | 'u32'; readonly shared?: boolean } = {},
  ): Tensor {
    const known = this.#tensors.get(name);
    if (known) {
      if (known.size !== size) throw new Error(`Tensor ${name} is planned with ${known.size} numbers, not ${size}.`);
      return known;
    }
    const tensor: Tensor = { name, type: options.type ?? 'f32', size, replicas: options.shared ? 1 : this.replicas };
    this.#tensors.set(name, tensor);
    return tensor;
  }
}
