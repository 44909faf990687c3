/**
 * An end that may come, as of a device or a worker, for those who cannot wait beyond it. It holds whoever waits until what
 * they wait for is there: raced against a promise of the end, every result would be kept for as long as the end does not come.
 */
export class Ending<Last> {
  readonly #waiting = new Set<(last: Last) => void>();
  #come: { readonly last: Last } | null = null;

  /** What `work` comes to, or what is left at the end, if that comes first. */
  async before<Value>(work: Promise<Value>): Promise<Value | Last> {
    return new Promise((resolve, reject) => {
      void work.then(resolve, reject).finally(() => this.#waiting.delete(resolve));
      if (this.#come) resolve(this.#come.last);
      else this.#waiting.add(resolve);
    });
  }

  /** It is the end, and the first counts: all who wait get `last`, now and from now on. */
  come(last: Last): void {
    this.#come ??= { last };
    for (const resolve of this.#waiting) resolve(this.#come.last);
    this.#waiting.clear();
  }
}
