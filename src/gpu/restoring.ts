import type { Network } from './network.ts';
import { tensorsOf } from './parameter.ts';
import type { Numbers, Tensor } from './tensor.ts';

/** What a snapshot has of one run's state. Numbers are of the run's own replicas, one behind another. */
export interface Restorable {
  /** Everything that fits, and all clocks: those that the snapshot lacks are 0. */
  readonly values: ReadonlyMap<Tensor, Numbers>;
  /** Velocities of parameters that have learned under the rule before and do not now, by the tensor of their value. */
  readonly velocities: ReadonlyMap<Tensor, Numbers>;
  /** Whether nothing of the state is missing, so that nothing has to be derived. */
  readonly whole: boolean;
}

/**
 * Finds the state of a run of `replicas` networks in a snapshot: all of it, or what two rules have in common. A tensor of
 * another size is passed over.
 */
export function restorable(
  snapshot: ReadonlyMap<string, Numbers>,
  { parameters }: Network,
  clocks: readonly Tensor[],
  replicas: number,
): Restorable {
  const find = (name: string, size: number): Numbers | null => {
    const numbers = snapshot.get(name);
    return numbers?.length === size * replicas ? numbers : null;
  };
  const values = new Map<Tensor, Numbers>();
  const state = [...clocks, ...parameters.flatMap(tensorsOf)];
  for (const tensor of state) {
    const numbers = find(tensor.name, tensor.size);
    if (numbers) values.set(tensor, numbers);
  }
  const whole = values.size === state.length;
  for (const clock of clocks) if (!values.has(clock)) values.set(clock, new Uint32Array(replicas));
  const velocities = new Map<Tensor, Numbers>();
  for (const { value, velocity } of parameters) {
    const numbers = find(`${value.name}.velocity`, value.size);
    if (!velocity && values.has(value) && numbers) velocities.set(value, numbers);
  }
  return { values, velocities, whole };
}
