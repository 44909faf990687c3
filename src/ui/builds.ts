/** How long an edited setting may hold back its new network, in ms. */
const delay = 250;

/** The networks that the page has built, one after the other; of several that wait only the last is built. */
export class Builds {
  /** Builds what the settings say, if that is right at the time. */
  private readonly build: () => void;
  private last: Promise<boolean> = Promise.resolve(false);
  private count = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(build: () => void) {
    this.build = build;
  }

  /** The build under way: true when its network is there. */
  get current(): Promise<boolean> {
    return this.last;
  }

  /** What is built from now on waits for this. */
  startWith(build: Promise<boolean>): Promise<boolean> {
    this.last = build;
    return build;
  }

  /** Builds after the one under way, in place of those that wait. True when it is there. */
  enqueue(build: () => Promise<boolean>): Promise<boolean> {
    this.forget();
    const ticket = ++this.count;
    // One that failed is told of to who asked for it, and stops none that comes after.
    this.last = this.last.catch(() => false).then(() => (ticket === this.count ? build() : false));
    return this.last;
  }

  /** Builds the settings when they have not been edited for a while. */
  soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), delay);
  }

  /** Until what was edited is built, also what is edited meanwhile. */
  async settled(): Promise<void> {
    do {
      this.flush();
      await this.last.catch(() => false);
    } while (this.timer !== undefined);
  }

  private flush(): void {
    if (this.timer === undefined) return;
    this.build();
    this.forget();
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
