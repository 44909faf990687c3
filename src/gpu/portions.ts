import type { Program } from './device.ts';

/**
 * Milliseconds that one command buffer is to take. Windows resets a GPU that is busy with one for two seconds, macOS gives up what
 * keeps its screen waiting for some hundred milliseconds, and until then the desktop stands still.
 */
const longest = 50;
/** Launches of a command buffer while it is not known how long they take. */
const cautious = 16;

/** How much of a run goes into one command buffer, by how long its programs have taken before. */
export class Portions {
  /** Milliseconds of one launch of a program, the way there and back included: rather too many than too few. */
  readonly #perLaunch = new WeakMap<Program, number>();

  /** Launches that a command buffer may hold in a run of these programs. */
  of(programs: readonly Program[]): number {
    const slowest = Math.max(0, ...programs.map((program) => this.#perLaunch.get(program) ?? longest / cautious));
    return Math.max(1, Math.floor(longest / slowest));
  }

  /** A run of these programs, of so many launches in all, has come back. */
  took(programs: readonly Program[], launches: number, milliseconds: number): void {
    for (const program of programs) this.#perLaunch.set(program, milliseconds / launches);
  }
}
