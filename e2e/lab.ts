import { expect, type Locator, type Page } from '@playwright/test';

/** The page as a person uses it. */
export class LabPage {
  readonly page: Page;
  /** Everything that the console and the page complained about. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  /** Opens an experiment and waits until it can train. */
  async open(fragment: string): Promise<void> {
    await this.page.goto(`./#${fragment}`);
    await expect(this.button('Train')).toBeEnabled();
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  chart(name: 'Loss' | 'Alignment angle' | 'Accuracy' | 'Norm ratio'): Locator {
    return this.page.getByRole('figure', { name: new RegExp(`^${name} chart`) });
  }

  /** The number that a chart shows behind a series' name; NaN before there is one. */
  async reading(chart: Parameters<LabPage['chart']>[0], series: string): Promise<number> {
    const text = (await this.chart(chart).textContent()) ?? '';
    return Number(new RegExp(`${series}\\s*([\\d.]+)`).exec(text)?.[1] ?? NaN);
  }

  /** Training steps done, as the header shows them. */
  async step(): Promise<number> {
    const text = (await this.page.getByRole('banner').textContent()) ?? '';
    // Other figures follow without a space.
    return Number(/step\s*(\d{1,3}(?:\u202f\d{3})*)/.exec(text)?.[1]?.replaceAll('\u202f', '') ?? NaN);
  }

  /** The step at which a run that was just paused comes to rest: figures reach the page at a pace that can be read. */
  async restingStep(): Promise<number> {
    let step = NaN;
    await expect
      .poll(
        async () => {
          const before = step;
          step = await this.step();
          return step === before;
        },
        { intervals: [300] },
      )
      .toBe(true);
    return step;
  }

  async waitForStep(least: number): Promise<void> {
    await expect.poll(() => this.step()).toBeGreaterThanOrEqual(least);
  }
}
