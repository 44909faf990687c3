import { describe, expect, test } from 'vitest';
import { isElsewhere, readings, tableRows } from './model.ts';
import { resultsOf, runBefore } from './scene-testing.ts';
import { specs } from './specs.ts';

describe('earlier runs', () => {
  test('lie behind the present one, named and coloured by their own rules, on an axis that holds them all', () => {
    const scene = { ...resultsOf([[1, 0.5]]), earlier: [runBefore(1, 400), runBefore(2, 900, 'bp')] };
    const model = specs.loss.model(scene);
    expect(model.lines.map(({ label }) => label)).toEqual(['FA #1', 'BP #2', 'train', 'test']);
    expect(model.lines.map(({ segments }) => segments[0].rule)).toEqual(['fa', 'bp', 'pfa', 'pfa']);
    expect(model.lines.map(({ run }) => run)).toEqual([1, 2, null, null]);
    expect(model.steps).toEqual([0, 900]);
    // Their last values are of other steps than the present one's, and say so.
    const newest = readings(model, 1, null);
    expect(newest.map((reading) => isElsewhere(reading, model, null))).toEqual([true, true, false]);
    expect(readings(model, 1, 220).map(({ label, step }) => [label, step])).toEqual([
      ['FA #1', 200],
      ['BP #2', 200],
      ['test', 0],
    ]);
  });

  test('a value that is measured seldom says so where the run has gone on, on whatever chart', () => {
    const scene = resultsOf([[1, 0.5]]);
    const look = (step: number): Float32Array => new Float32Array([step, ...[1, 2, 3].flatMap(() => [80, 1, 5])]);
    const elsewhere = (): boolean[] => {
      const model = specs.angle.model(scene);
      return readings(model, 1, null).map((reading) => isElsewhere(reading, model, null));
    };
    const none = new Float32Array(0);
    scene.history.append({ train: none, test: none, alignment: look(100) });
    expect(elsewhere()).toEqual([false, false, false]);
    scene.history.append({ train: new Float32Array([500, 1, 1, 1, 0.5]), test: none, alignment: none });
    expect(elsewhere()).toEqual([true, true, true]);
    scene.history.append({ train: none, test: none, alignment: look(490) });
    expect(elsewhere()).toEqual([false, false, false]);
  });

  test('that went wild leave the loss axis to the present one', () => {
    const wild = runBefore(1, 400);
    wild.lines.get('testLoss')?.[0].append(500, 1e9);
    const scene = resultsOf([[2.3, 0.1]]);
    expect(specs.loss.model({ ...scene, earlier: [wild] }).y.domain[1]).toBe(specs.loss.model(scene).y.domain[1]);
  });

  test('are laid over the present one epoch by epoch where the axis counts epochs', () => {
    const scene = { ...resultsOf([[1, 0.5]]), earlier: [{ ...runBefore(1, 400), stepsPerEpoch: 468.5 }] };
    expect(specs.loss.model(scene).steps).toEqual([0, 400]);
    const model = specs.loss.model({ ...scene, xUnit: 'epoch' });
    expect(model.steps).toEqual([0, 800]);
    expect(readings(model, 1, 410).find(({ line }) => line.run !== null)?.step).toBe(200);
  });

  test('leave the cursor, the table and the figures behind their end to the present one', () => {
    const scene = resultsOf(Array.from({ length: 20 }, (_, i) => [1, i / 20]));
    const model = specs.loss.model({ ...scene, earlier: [runBefore(1, 400)] });
    expect(readings(model, 1, 1500).map(({ label }) => label)).toEqual(['test']);
    const long = specs.loss.model({ ...resultsOf([[1, 0.5]]), earlier: [runBefore(1, 400)] });
    expect(tableRows(long, 1, 5).map(({ step }) => step)).toEqual([0]);
  });

  test('stand out when they are pointed at, and never look like the present one', () => {
    const scene = { ...resultsOf([[1, 0.5]]), earlier: [runBefore(1, 400), { ...runBefore(2, 400), shade: 1 }] };
    const linesAt = (pointed: number | null) => specs.loss.model({ ...scene, pointed }).lines;
    const [[first, second], [faded, pointed]] = [linesAt(null), linesAt(2)];
    expect([first.shade, second.shade]).toEqual([0, 1]);
    expect(pointed.width).toBeGreaterThan(second.width);
    expect([faded.width, faded.tone]).toEqual([first.width, expect.any(Number)]);
    expect(faded.tone).toBeGreaterThan(first.tone);
    // One that is hidden makes none fade.
    expect(linesAt(3)).toEqual(linesAt(null));
    const test = linesAt(2).at(-1);
    expect(test).toMatchObject({ run: null, shade: null, tone: 0 });
    expect(pointed.width).toBeLessThan(test?.width ?? 0);
  });

  test('have their numbers on their curves where another run was taught by the same rule', () => {
    const numbered = (rules: readonly string[]): boolean[] =>
      specs.loss
        .model({ ...resultsOf([[1, 0.5]]), earlier: rules.map((rule, i) => runBefore(i + 1, 400, rule)) })
        .lines.map((line) => line.numbered);
    expect(numbered(['fa', 'bp'])).toEqual([false, false, false, false]);
    expect(numbered(['fa', 'bp', 'fa'])).toEqual([true, false, true, false, false]);
    // The present one is of PFA.
    expect(numbered(['pfa'])).toEqual([true, false, false]);
  });
});
