/**
 * `npm run bench`: ours against tfjs and jax-js in one headless browser, in turns; a table to the terminal, table and
 * JSON to bench/results/. `npm run bench -- --rounds 9 --only "ours webgpu,jax-js webgpu" mlp-bp` narrows it down.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { browserLaunch } from '../scripts/browser.ts';
import { native } from '../scripts/native-plugin.ts';
import type { Contest, ContestRow } from './contest.ts';
import type { KernelRow } from './kernels.ts';
import { report } from './report.ts';
import { contestTable, kernelTable, type Result } from './table.ts';
import { workloadNames } from './workload-names.ts';

const here = new URL('.', import.meta.url);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '7' },
    turn: { type: 'string', default: '500' },
    only: { type: 'string' },
  },
});
const ids = positionals.length > 0 ? positionals : Object.keys(workloadNames);
const options: Contest = {
  rounds: Number(values.rounds),
  turn: Number(values.turn),
  ...(values.only === undefined ? {} : { only: values.only.split(',') }),
};

if (!existsSync(new URL('node_modules', here)))
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: here, stdio: 'inherit', shell: process.platform === 'win32' });

// The page is served isolated, as ours is: the libraries' WebAssembly may use all cores.
const server = await createServer({
  root: new URL('..', here).pathname,
  configFile: false,
  logLevel: 'warn',
  plugins: [native()],
  optimizeDeps: { entries: ['bench/index.html'] },
  server: {
    hmr: false,
    watch: null,
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
});
await server.listen();
const browser = await chromium.launch({ ...browserLaunch(), headless: true });
const page = await browser.newPage();
page.on('console', (message) => console.log(`  ${message.text()}`));
page.on('pageerror', (error) => console.error(error));
await page.goto(`${server.resolvedUrls?.local[0]}bench/index.html`);
await page.waitForFunction('globalThis.contest', null, { timeout: 120_000 });

/** What page.ts puts there. */
interface Page {
  contest(id: string, options: Contest): Promise<ContestRow[]>;
  timeKernels(turns: number): Promise<KernelRow[]>;
}

const results: Result[] = [];
for (const id of ids) {
  console.log(id);
  const rows = await page.evaluate(([workload, how]) => (globalThis as unknown as Page).contest(workload, how), [
    id,
    options,
  ] as const);
  results.push({ id, rows });
}
const kernels = await page.evaluate((turns) => (globalThis as unknown as Page).timeKernels(turns), options.rounds);
const versions = JSON.parse(readFileSync(new URL('package.json', here), 'utf8')).dependencies as Record<string, string>;
const surroundings = {
  date: new Date().toISOString().slice(0, 10),
  adapter: await page.evaluate(async () => {
    const info = (await navigator.gpu.requestAdapter())?.info;
    return info ? [info.vendor, info.architecture, info.description].filter(Boolean).join(' ') : 'none';
  }),
  browser: `Chromium ${browser.version()}`,
  processor: `${cpus().length} × ${cpus()[0]?.model}`,
  ...versions,
};
await browser.close();
await server.close();

report('browser', 'Training steps in a browser', surroundings, [...results.map(contestTable), kernelTable(kernels)], {
  options,
  results,
  kernels,
});
