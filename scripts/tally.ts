import { isRecord } from '../src/model/json.ts';

/** How many tests ran, and how they ended. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** A step that is one check by itself. */
export const ofStep = (succeeded: boolean): Tally => ({
  passed: Number(succeeded),
  failed: Number(!succeeded),
  skipped: 0,
});

/** Counts vitest's JSON report. Its files that could not be loaded hold no test but do fail the run. */
export function ofVitest(report: unknown, succeeded: boolean): Tally {
  return settle(
    {
      passed: count(report, 'numPassedTests'),
      failed: count(report, 'numFailedTests'),
      skipped: count(report, 'numPendingTests') + count(report, 'numTodoTests'),
    },
    succeeded,
  );
}

/** Counts Playwright's JSON report. A flaky test failed at least once, so it has failed. */
export function ofPlaywright(report: unknown, succeeded: boolean): Tally {
  const stats = isRecord(report) ? report['stats'] : undefined;
  return settle(
    {
      passed: count(stats, 'expected'),
      failed: count(stats, 'unexpected') + count(stats, 'flaky'),
      skipped: count(stats, 'skipped'),
    },
    succeeded,
  );
}

/** Adds tallies up. */
export const sum = (tallies: readonly Tally[]): Tally =>
  tallies.reduce(
    (total, tally) => ({
      passed: total.passed + tally.passed,
      failed: total.failed + tally.failed,
      skipped: total.skipped + tally.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );

/** `N passed, N failed`, and what was skipped, if anything was. */
export const closingLine = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed` + (skipped > 0 ? `, ${skipped} skipped` : '');

/** A run that failed, or ran no test at all, without a failed test to show for it, is one failure. */
function settle(tally: Tally, succeeded: boolean): Tally {
  const silent = tally.failed === 0 && (!succeeded || tally.passed === 0);
  return silent ? { ...tally, failed: 1 } : tally;
}

/** A count out of a report; 0 where the report is missing or has none. */
function count(report: unknown, key: string): number {
  const value = isRecord(report) ? report[key] : undefined;
  return typeof value === 'number' ? value : 0;
}
