import { expect, test } from 'vitest';
import { figuresOf, tellValues } from './figures.ts';
import { History } from './history.ts';
import { readings } from './model.ts';
import { earlierOf, sceneOf } from './scene-testing.ts';
import { specs } from './specs.ts';

/** A run that was looked at once, at `step`, with these angles; the ratios are a hundredth of them. */
function looked(step: number, angles: readonly number[]): History {
  const history = new History();
  history.restart(
    'fa',
    angles.map((_, i) => `layer ${i + 1}`),
    1,
  );
  const alignment = new Float32Array([step, ...angles.flatMap((angle) => [angle, angle / 100, 45])]);
  history.append({ train: new Float32Array(), test: new Float32Array(), alignment });
  return history;
}

const scene = {
  ...sceneOf(looked(300, [50, 60, 70])),
  earlier: [
    earlierOf(looked(100, [88.1, 83.4, 71.6]), 1),
    earlierOf(looked(200, [90, 60, 80, 70, 65, 75, 85, 64, 62, 61]), 2),
  ],
};

test('of every earlier run its layers are told in figures, of many the lowest and the highest', () => {
  const told = (id: 'angle' | 'ratio') => {
    const model = specs[id].model(scene);
    return figuresOf(model, readings(model, 1, null)).map(({ name, values }) => `${name} ${tellValues(values, model)}`);
  };
  expect(told('angle')).toEqual(['FA #1 88° · 83° · 72°', 'FA #2 60°–90°']);
  expect(told('ratio')).toEqual(['FA #1 0.88 · 0.83 · 0.72', 'FA #2 0.60–0.90']);
});

test('of many layers that have the same value it stands once', () => {
  const bp = { ...scene, earlier: [earlierOf(looked(100, [0, 0, 0, 0, 0]), 1)] };
  const model = specs.angle.model(bp);
  expect(figuresOf(model, readings(model, 1, null)).map(({ values }) => tellValues(values, model))).toEqual(['0°']);
});

test('a run that had come to its end keeps its place, without a value', () => {
  const model = specs.angle.model(scene);
  const figures = figuresOf(model, readings(model, 1, 150));
  expect(figures.map(({ run, values }) => [run, tellValues(values, model)])).toEqual([
    [1, '–'],
    [2, '60°–90°'],
  ]);
});

test('the curves of a deep network are drawn for its first and its last layer', () => {
  const { lines } = specs.angle.model(scene);
  const drawn = lines.flatMap(({ run, drawn: isDrawn }, i) => (run === 2 && isDrawn ? i - 3 : []));
  expect(drawn).toEqual([0, 9]);
});
