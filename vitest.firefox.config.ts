import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineBrowserProvider } from '@vitest/browser';
import { defineConfig } from 'vitest/config';
import { findFirefox } from './scripts/browser.ts';
import { inBrowser } from './vitest.config.ts';

/**
 * `npm run test:firefox`: the browser tests in the Firefox of this machine, whose WebGPU reads WGSL with another compiler
 * than Chromium's. Not a part of `npm test`: which adapter Firefox gets is the machine's affair (where there is no GPU:
 * Debian's package mesa-vulkan-drivers).
 */
export default defineConfig({
  ...inBrowser,
  test: {
    ...inBrowser.test,
    name: 'firefox',
    // Firefox has no subgroups yet, without which this schedule does not compile.
    testNamePattern: /^(?!.*the schedule quads)/u,
    browser: {
      ...inBrowser.test.browser,
      provider: defineBrowserProvider({ name: 'firefox', providerFactory: firefoxProvider }),
      instances: [{ browser: 'firefox' }],
    },
  },
});

/** Playwright drives a Firefox of its own only. To run tests it is enough that any Firefox opens their page. */
function firefoxProvider() {
  const profile = mkdtempSync(join(tmpdir(), 'feedback-lab-firefox-'));
  // WebGPU, on software too.
  const preferences = ['dom.webgpu.enabled', 'gfx.webgpu.ignore-blocklist'];
  writeFileSync(join(profile, 'user.js'), preferences.map((name) => `user_pref('${name}', true);\n`).join(''));
  let firefox: ChildProcess | undefined;
  return {
    name: 'firefox',
    supportsParallelism: false,
    getCommandsContext: () => ({}),
    async openPage(_session: string, url: string) {
      firefox = spawn(findFirefox(), ['--headless', '--no-remote', '--profile', profile, url], { stdio: 'ignore' });
      await once(firefox, 'spawn');
    },
    async close() {
      if (firefox?.kill()) await once(firefox, 'exit');
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
