import { expect, test } from 'vitest';
import { lookAfter, type Look } from './keys.ts';
import { resultsOf } from './scene-testing.ts';
import { specs } from './specs.ts';

const scene = resultsOf(Array.from({ length: 11 }, () => [1, 0.5]));

/** Where one looks, after some keys, at a run of 1,000 steps that is measured every hundred. */
function after(look: Look, ...keys: readonly string[]): Look | undefined {
  const none = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
  return keys.reduce<Look | undefined>(
    (now, key) => now && lookAfter(specs.loss.model({ ...scene, steps: now.steps }), now, { ...none, key }),
    look,
  );
}

const start: Look = { cursor: null, steps: null };

test('arrows move the cursor from sample to sample', () => {
  expect(after(start, 'ArrowLeft', 'ArrowLeft')).toEqual({ cursor: 800, steps: null });
  expect(after(start, 'Home')).toEqual({ cursor: 0, steps: null });
  expect(after({ cursor: 800, steps: null }, 'Escape')).toEqual(start);
});

test('plus and minus show half and twice as many steps around the cursor, or without one at the end', () => {
  expect(after({ cursor: 500, steps: null }, '+', '=')).toEqual({ cursor: 500, steps: [375, 625] });
  expect(after({ cursor: 500, steps: [375, 625] }, '-')?.steps).toEqual([250, 750]);
  expect(after({ cursor: 500, steps: [375, 625] }, '-', '-')?.steps).toBeNull();
  expect(after(start, '+')?.steps).toEqual([500, 1000]);
});

test('what is shown follows the cursor', () => {
  expect(after({ cursor: 600, steps: [375, 625] }, 'ArrowRight')).toEqual({ cursor: 700, steps: [450, 700] });
  expect(after({ cursor: 500, steps: [375, 625] }, 'ArrowRight')).toEqual({ cursor: 600, steps: [375, 625] });
});

test('the page keeps Escape while a stretch is shown, and the browser its own keys', () => {
  expect(after({ cursor: 500, steps: [375, 625] }, 'Escape')).toBeUndefined();
  const model = specs.loss.model(scene);
  expect(
    lookAfter(model, start, { key: '+', shiftKey: true, ctrlKey: true, metaKey: false, altKey: false }),
  ).toBeUndefined();
});
