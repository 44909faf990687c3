import type { Experiment } from '../model/experiment.ts';
import type { Rates } from '../model/schedule.ts';
import type { Alignment, AlignmentProbe } from './alignment.ts';
import { Drift } from './drift.ts';
import type { Call, Programs } from './programs.ts';
import type { ProgramName } from './recording.ts';
import type { Head, Numbers, Tensor } from './tensor.ts';

/** The programs that a look runs some of. */
export const looking = ['multiply', 'anchor', 'extrapolate', 'probe'] as const satisfies ProgramName[];

/** The looks at a network in training. Each leaves behind what spares the next one the products of weights (drift.ts). */
export class Looks {
  readonly #probe: AlignmentProbe;
  /** What has become of the paths since they were last multiplied out. */
  readonly #drift = new Drift();

  constructor(probe: AlignmentProbe) {
    this.#probe = probe;
  }

  /** How every layer's way back lies to its weight, in each of the networks, on the batch that comes next. */
  async alignment(programs: Programs, networks: readonly Experiment[]): Promise<Alignment[][]> {
    const [numbers] = await this.#look(programs, networks, this.#probe.reads);
    return this.#probe.decode(numbers);
  }

  /** Forward and feedback weights of layer `index` in the first network, pair by pair; null where there is no such pair. */
  async synapses(
    programs: Programs,
    networks: readonly Experiment[],
    index: number,
  ): Promise<{ forward: Numbers; feedback: Numbers } | null> {
    const synapses = this.#probe.synapses(index);
    if (!synapses) return null;
    const [back, forward] = [synapses.back, synapses.forward].map((tensor) => [{ tensor, length: synapses.count }]);
    const [[feedback], [weight]] = await this.#look(programs, networks, back, forward);
    return { forward: weight, feedback };
  }

  /** Training has been told to do `count` steps under the rates of each replica. */
  advance(count: number, rates: readonly Rates[]): void {
    this.#drift.advance(count, rates);
  }

  /** Something else than a step changes a tensor: the next look multiplies. */
  forget(): void {
    this.#drift.forget();
  }

  /**
   * Measures, then reads each list of tensors. Every list is a run of its own: all of them together may be more than one
   * buffer holds.
   */
  async #look(
    programs: Programs,
    networks: readonly Experiment[],
    first: readonly (Tensor | Head)[],
    ...others: (readonly (Tensor | Head)[])[]
  ): Promise<Numbers[][]> {
    await programs.compile(...looking);
    const extrapolate = this.#drift.known;
    const dense = networks.every(({ sparsity }) => sparsity === 0);
    if (extrapolate) programs.device.write(this.#probe.paths.factors, this.#drift.factors);
    else if (dense) this.#drift.restart(networks.length);
    const paths = extrapolate ? 'extrapolate' : dense ? 'anchor' : 'multiply';
    const look: Call[] = [
      [paths, 1],
      ['probe', 1],
    ];
    try {
      // All asked for at once, so that no step comes between.
      return await Promise.all([programs.run(look, first), ...others.map((reads) => programs.run([], reads))]);
    } catch (error) {
      // A run that failed may have written nothing to extrapolate from.
      this.#drift.forget();
      throw error;
    }
  }
}
