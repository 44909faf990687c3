/**
 * Draws everything that asked to be drawn, in one animation frame, and only when something changed. A hidden page acknowledges
 * without drawing, so that news keeps flowing.
 */
export class Redraw {
  private readonly draws = new Set<() => void>();
  private waiting: (() => void)[] = [];
  private frame = 0;

  constructor() {
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.answer();
      else this.request();
    });
  }

  /** Adds something to draw; returns the way to remove it. */
  add(draw: () => void): () => void {
    this.draws.add(draw);
    this.request();
    return () => this.draws.delete(draw);
  }

  /** Asks for a drawing; `drawn` is called when it is done or was skipped. */
  request(drawn?: () => void): void {
    if (drawn) this.waiting.push(drawn);
    if (document.hidden) this.answer();
    else if (this.frame === 0) this.frame = requestAnimationFrame(this.draw);
  }

  private readonly draw = (): void => {
    this.frame = 0;
    try {
      for (const draw of this.draws) draw();
    } finally {
      // A chart that cannot be drawn must not stop the news.
      this.answer();
    }
  };

  private answer(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const drawn of waiting) drawn();
  }
}
