import { printBytes } from '../../model/bytes.ts';
import { FaultError } from '../../model/fault.ts';

/** A free part of the memory. */
interface Gap {
  at: number;
  bytes: number;
}

/** Bytes of a cache line: two threads never write to the same one at a time. */
const alignment = 64;
const page = 2 ** 16;

/** Shares out a WebAssembly memory, first fit. The first page is the compiler's own. */
export class Heap {
  readonly memory: WebAssembly.Memory;
  /** The most bytes that the memory may grow to. */
  readonly #limit: number;
  /** The free parts, in the order of their addresses; adjacent ones are joined. */
  readonly #gaps: Gap[] = [];
  readonly #taken = new Map<number, number>();

  /** Takes a memory that was made with `maximum` pages. */
  constructor(memory: WebAssembly.Memory, maximum: number) {
    this.memory = memory;
    this.#limit = maximum * page;
    this.#release({ at: page, bytes: memory.buffer.byteLength - page });
  }

  /**
   * Takes `bytes`, all zero, and returns their address. `name` says what for, in messages.
   * @throws FaultError('too-big' | 'out-of-memory')
   */
  take(bytes: number, name: string): number {
    const rounded = Math.max(1, Math.ceil(bytes / alignment)) * alignment;
    const gap = this.#gaps.find((candidate) => candidate.bytes >= rounded) ?? this.#grow(rounded, name);
    const { at } = gap;
    gap.at += rounded;
    gap.bytes -= rounded;
    if (gap.bytes === 0) this.#gaps.splice(this.#gaps.indexOf(gap), 1);
    this.#taken.set(at, rounded);
    new Uint8Array(this.memory.buffer, at, rounded).fill(0);
    return at;
  }

  /** Frees what was taken at this address. */
  free(at: number): void {
    const bytes = this.#taken.get(at);
    if (bytes === undefined) throw new Error(`Nothing was taken at ${at}.`);
    this.#taken.delete(at);
    this.#release({ at, bytes });
  }

  /** Grows the memory so that it ends with a gap of at least so many bytes. */
  #grow(bytes: number, name: string): Gap {
    const end = this.memory.buffer.byteLength;
    const last = this.#gaps.at(-1);
    const free = last && last.at + last.bytes === end ? last.bytes : 0;
    const pages = Math.ceil((bytes - free) / page);
    if (bytes > this.#limit - page) throw this.#refusal('too-big', bytes, name);
    try {
      this.memory.grow(pages);
    } catch (error) {
      throw this.#refusal('out-of-memory', bytes, name, String(error));
    }
    return this.#release({ at: end, bytes: pages * page });
  }

  #refusal(kind: 'too-big' | 'out-of-memory', bytes: number, name: string, detail?: string): FaultError {
    const room = kind === 'too-big' ? `at most ${printBytes(this.#limit - page)}` : 'no more memory';
    const text = `${name} takes ${printBytes(bytes)}, but the CPU device can have ${room} here.`;
    return new FaultError(kind, `${text} Take a smaller network, batch, expansion or fewer seeds.`, detail);
  }

  /** Adds a gap, and joins it with adjacent ones. */
  #release(gap: Gap): Gap {
    const gaps = this.#gaps;
    const index = gaps.findIndex(({ at }) => at > gap.at);
    const place = index < 0 ? gaps.length : index;
    const [before, after] = [gaps[place - 1], gaps[place]] as (Gap | undefined)[];
    gaps.splice(place, 0, gap);
    if (after && gap.at + gap.bytes === after.at) {
      gap.bytes += after.bytes;
      gaps.splice(place + 1, 1);
    }
    if (!before || before.at + before.bytes !== gap.at) return gap;
    before.bytes += gap.bytes;
    gaps.splice(place, 1);
    return before;
  }
}
