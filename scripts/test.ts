/**
 * `npm test`: every check and every test, whatever fails on the way, and the true totals in the last line.
 * Each suite runs in a process of its own and leaves a report; one that dies without a report counts as a failure.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from './browser.ts';
import { type Tally, closingLine, ofPlaywright, ofStep, ofVitest, sum } from './tally.ts';

const reports = mkdtempSync(join(tmpdir(), 'feedback-lab-tests-'));

/** Runs a program of node_modules/.bin with this terminal as its own; true if it succeeded. */
function run(command: string, env: Record<string, string> = {}): boolean {
  console.log(`\n$ ${command}`);
  const { status, error } = spawnSync(command, {
    shell: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (error) console.error(error.message);
  return status === 0;
}

/** What a runner wrote, or undefined where it wrote nothing that can be read. */
function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function vitest(project: string): Tally {
  const file = join(reports, `${project}.json`);
  const succeeded = run(`vitest run --project ${project} --reporter=default --reporter=json --outputFile.json=${file}`);
  return ofVitest(readReport(file), succeeded);
}

function playwright(): Tally {
  const file = join(reports, 'e2e.json');
  const succeeded = run('playwright test --reporter=list,json', { PLAYWRIGHT_JSON_OUTPUT_FILE: file });
  return ofPlaywright(readReport(file), succeeded);
}

function browser(): boolean {
  try {
    process.env['CHROME_PATH'] = ensureBrowser();
    console.log(`\nTesting with ${process.env['CHROME_PATH']}`);
    return true;
  } catch (error) {
    console.error(String(error));
    return false;
  }
}

const suites: [name: string, run: () => Tally][] = [
  ['data set', () => ofStep(run('npm run --silent datasets'))],
  ['format', () => ofStep(run('npm run --silent check:format'))],
  ['lint', () => ofStep(run('npm run --silent check:lint'))],
  ['types', () => ofStep(run('npm run --silent check:types'))],
  ['dead code', () => ofStep(run('npm run --silent check:unused'))],
  ['browser', () => ofStep(browser())],
  ['unit tests', () => vitest('node')],
  ['GPU tests', () => vitest('browser')],
  ['end to end', playwright],
];

const tallies = suites.map(([name, suite]) => [name, suite()] as const);
rmSync(reports, { recursive: true });

console.log();
for (const [name, tally] of tallies) console.log(`${name.padEnd(12)}${closingLine(tally)}`);
const total = sum(tallies.map(([, tally]) => tally));
console.log(`\n${closingLine(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;
