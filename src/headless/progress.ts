/** How far a run has come. */
export interface Headway {
  readonly step: number;
  readonly total: number;
  readonly epoch: number;
  /** Over all networks. */
  readonly loss: number;
  readonly stepsPerSecond: number;
}

const redrawEvery = 100;
const barWidth = 24;

/** Tells a person how it goes: a bar that is redrawn on a terminal, and lines anywhere. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #quiet: boolean;
  #drawn = -Infinity;

  constructor(stream: NodeJS.WriteStream, quiet: boolean) {
    this.#stream = stream;
    this.#quiet = quiet;
  }

  /** A line in place of the last one drawn, if this is a terminal and that one is not too fresh. */
  draw(line: string): void {
    if (this.#quiet || !this.#stream.isTTY || performance.now() - this.#drawn < redrawEvery) return;
    this.#drawn = performance.now();
    this.#stream.write(`\r${line.slice(0, this.#stream.columns - 1)}\u001B[K`);
  }

  /** A line that stays. */
  say(line: string): void {
    if (this.#quiet) return;
    this.#stream.write(this.#stream.isTTY ? `\r\u001B[K${line}\n` : `${line}\n`);
    this.#drawn = -Infinity;
  }
}

/** `[######------]  50 %  epoch 0.50  step 468/937  loss 0.123  12.0 steps/s  ETA 0:39`. */
export function barOf({ step, total, epoch, loss, stepsPerSecond }: Headway): string {
  const share = total === 0 ? 1 : step / total;
  const filled = Math.floor(share * barWidth);
  const bar = '#'.repeat(filled) + '-'.repeat(barWidth - filled);
  const eta = stepsPerSecond > 0 ? clock((total - step) / stepsPerSecond) : '–';
  return (
    `[${bar}] ${String(Math.floor(100 * share)).padStart(3)} %  epoch ${epoch.toFixed(2)}  step ${step}/${total}  ` +
    `loss ${loss.toFixed(3)}  ${stepsPerSecond.toFixed(stepsPerSecond < 100 ? 1 : 0)} steps/s  ETA ${eta}`
  );
}

/** Seconds as 0:05, 12:34 or 1:02:03. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = `:${String(whole % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}${tail}` : `${minutes}${tail}`;
}
