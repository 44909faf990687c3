import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { defineBrowserProvider } from '@vitest/browser';
import { defineConfig } from 'vitest/config';
import { native } from './scripts/native-plugin.ts';

/** WebGPU, on software too. */
const preferences = ['dom.webgpu.enabled', 'gfx.webgpu.ignore-blocklist'];

/**
 * `npm run test:firefox`: the browser tests in the Firefox of this machine (`FIREFOX_PATH`, else `firefox` or `firefox-esr`),
 * whose WebGPU reads WGSL with another compiler than Chromium's. Not a part of `npm test`: which adapter Firefox gets
 * is the machine's affair (where there is no GPU: Debian's package mesa-vulkan-drivers).
 */
export default defineConfig({
  plugins: [native()],
  server: { headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' } },
  test: {
    name: 'firefox',
    include: ['src/**/*.{gpu,browser}.test.ts'],
    // Firefox has no subgroups yet, without which this schedule does not compile.
    testNamePattern: /^(?!.*the schedule quads)/u,
    testTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    fileParallelism: false,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: defineBrowserProvider({ name: 'firefox', providerFactory: firefoxProvider }),
      instances: [{ browser: 'firefox' }],
    },
  },
});

/** Playwright drives a Firefox of its own only. To run tests it is enough that any Firefox opens their page. */
function firefoxProvider() {
  const profile = mkdtempSync(join(tmpdir(), 'feedback-lab-firefox-'));
  let firefox: ChildProcess | undefined;
  return {
    name: 'firefox',
    supportsParallelism: false,
    getCommandsContext: () => ({}),
    async openPage(_session: string, url: string) {
      writeFileSync(join(profile, 'user.js'), preferences.map((name) => `user_pref('${name}', true);\n`).join(''));
      firefox ??= spawn(installed(), ['--headless', '--no-remote', '--profile', profile, url], { stdio: 'ignore' });
      if (firefox.pid === undefined) await once(firefox, 'spawn');
    },
    async close() {
      if (firefox?.kill()) await once(firefox, 'exit');
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

function installed(): string {
  const chosen = process.env['FIREFOX_PATH'];
  if (chosen) return chosen;
  const folders = process.env['PATH']?.split(delimiter) ?? [];
  const places = folders.flatMap((folder) => ['firefox', 'firefox-esr'].map((program) => join(folder, program)));
  const found = places.find((path) => existsSync(path));
  if (found === undefined) throw new Error('No Firefox found. Install it, or set FIREFOX_PATH to the program.');
  return found;
}
