import type { Device, Program } from './device.ts';
import type { ProgramName, RecordedPrograms } from './recording.ts';
import type { Head, Numbers, Tensor } from './tensor.ts';

/** A program, and how many times it runs. */
export type Call = readonly [name: ProgramName, times: number];

/** The recorded programs on a device. Each is compiled once, when it is first asked for. */
export class Programs {
  readonly device: Device;
  readonly #recorded: RecordedPrograms;
  readonly #compiling = new Map<ProgramName, Promise<void>>();
  readonly #compiled = new Map<ProgramName, Program>();

  constructor(device: Device, recorded: RecordedPrograms) {
    this.device = device;
    this.#recorded = recorded;
  }

  /**
   * Resolves once all of these are compiled, which happens in parallel. One that fails rejects it, and is compiled again
   * when it is next asked for.
   */
  async compile(...names: readonly ProgramName[]): Promise<void> {
    await Promise.all(names.map((name) => this.#compileOnce(name)));
  }

  /** What the device is given to do for one run of a program; 0 before it is compiled. */
  launchesOf(name: ProgramName): number {
    return this.#compiled.get(name)?.launches ?? 0;
  }

  /** Runs compiled programs in order, then reads. All of it is with the device when this returns its promise. */
  async run(calls: readonly Call[], reads: readonly (Tensor | Head)[] = []): Promise<Numbers[]> {
    const runs = calls.map(([name, times]) => {
      const program = this.#compiled.get(name);
      if (!program) throw new Error(`Program ${name} is not compiled.`);
      return { program, times };
    });
    return this.device.run(runs, reads);
  }

  #compileOnce(name: ProgramName): Promise<void> {
    const known = this.#compiling.get(name);
    if (known) return known;
    const made = this.device.compile(this.#recorded[name]).then((program) => void this.#compiled.set(name, program));
    this.#compiling.set(name, made);
    made.catch(() => this.#compiling.delete(name));
    return made;
  }
}
