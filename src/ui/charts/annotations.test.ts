import { expect, test } from 'vitest';
import { drawChart } from './draw.ts';
import type { ChartModel } from './model.ts';
import { testCaption, testPalette } from './palette-testing.ts';
import { SvgPen } from './pen.ts';
import type { Steps } from './steps.ts';

const whole = [0, 4000] as const;

const model: ChartModel = {
  lines: [],
  references: [],
  marks: [],
  steps: whole,
  whole,
  newest: 4000,
  stepsPerUnit: 1,
  y: { domain: [0, 1], log: false, ticks: [] },
  tick: String,
  read: String,
  brief: String,
};

/** All that is written on a chart of 4,000 steps, or of some of them. */
function texts(cursor: number | null, shown: Partial<ChartModel> = {}): string[] {
  const pen = new SvgPen((text) => 6 * text.length);
  drawChart(pen, 500, 300, { ...model, ...shown }, testPalette, cursor);
  const svg = pen.document(500, 300, testCaption);
  return [...svg.matchAll(/<text[^>]*>([^<]+)</g)].map(([, text]) => text);
}

test('steps have thin groups on the axis and at the cursor', () => {
  expect(texts(null)).toEqual(['0', '1\u202f000', '2\u202f000', '3\u202f000', '4\u202f000']);
  expect(texts(2500)).toContain('2\u202f500');
});

test('a tick has no label where the cursor has its own', () => {
  expect(texts(2100)).toEqual(['0', '1\u202f000', '3\u202f000', '4\u202f000', '2\u202f100']);
  // At the end of the axis the cursor's label is moved in.
  expect(texts(4000)).toEqual(['0', '1\u202f000', '2\u202f000', '3\u202f000', '4\u202f000']);
});

test('of a short stretch a place in epochs has the digits that tell it from the next', () => {
  const at = (steps: Steps): string | undefined => texts(2500, { steps, stepsPerUnit: 937 }).at(-1);
  expect([at(whole), at([2400, 2600])]).toEqual(['2.67', '2.668']);
});
