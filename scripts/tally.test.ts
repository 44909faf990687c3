import { expect, test } from 'vitest';
import { closingLine, ofPlaywright, ofStep, ofVitest, sum } from './tally.ts';

test('vitest: passed, failed, and skipped with to-do', () => {
  const report = { numPassedTests: 7, numFailedTests: 2, numPendingTests: 1, numTodoTests: 3 };
  expect(ofVitest(report, false)).toEqual({ passed: 7, failed: 2, skipped: 4 });
});

test('Playwright: a flaky test has failed', () => {
  const report = { stats: { expected: 5, unexpected: 1, flaky: 2, skipped: 1 } };
  expect(ofPlaywright(report, false)).toEqual({ passed: 5, failed: 3, skipped: 1 });
});

test.each([
  ['died without a report', undefined, false],
  ['claims success without a report', undefined, true],
  ['ran no test', { numPassedTests: 0, numFailedTests: 0, numPendingTests: 4 }, true],
  ['could not load a file', { numPassedTests: 0, numFailedTests: 0, numFailedTestSuites: 1 }, false],
])('a run that %s is one failure', (_, report, succeeded) => {
  expect(ofVitest(report, succeeded)).toMatchObject({ passed: 0, failed: 1 });
});

test('a run whose tests passed but that failed itself is one failure more', () => {
  expect(ofVitest({ numPassedTests: 9, numFailedTests: 0 }, false)).toEqual({ passed: 9, failed: 1, skipped: 0 });
});

test('the closing line is the one that machines read', () => {
  expect(closingLine(sum([ofStep(true), ofStep(true), ofStep(false)]))).toBe('2 passed, 1 failed');
  expect(closingLine({ passed: 1, failed: 0, skipped: 2 })).toBe('1 passed, 0 failed, 2 skipped');
});
