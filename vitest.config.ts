import { playwright } from '@vitest/browser-playwright';
import { configDefaults, defineConfig } from 'vitest/config';
import { browserLaunch } from './scripts/browser.ts';
import { native } from './scripts/native-plugin.ts';
import { pagePackages } from './scripts/page-packages.ts';

/** They take about half of the time. */
const kernels = ['src/gpu/kernels/*.gpu.test.ts'];

/** Tests in a browser, whichever it is. */
export const inBrowser = {
  plugins: [native()],
  optimizeDeps: { include: pagePackages() },
  // As the page is served: without these, no memory can be shared with other threads.
  server: {
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
  test: {
    include: ['{src,bench}/**/*.{gpu,browser}.test.ts'],
    testTimeout: 120_000,
    // What is waited for comes when it comes: helper threads may start late on a busy machine.
    expect: { poll: { timeout: 60_000 } },
    // A software GPU uses every core by itself: files side by side would only be slower.
    fileParallelism: false,
    browser: { enabled: true, headless: true, screenshotFailures: false },
  },
};

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [native()],
        test: {
          name: 'node',
          include: ['{src,scripts,bench}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, '**/*.{gpu,browser}.test.ts'],
          testTimeout: 120_000,
          // Every core: vitest by itself leaves one to the process that serves the files, which has little to do.
          maxWorkers: '100%',
        },
      },
      {
        ...inBrowser,
        test: {
          ...inBrowser.test,
          name: 'browser',
          browser: {
            ...inBrowser.test.browser,
            provider: playwright({ launchOptions: browserLaunch() }),
            // Chromium's software GPU compiles one shader at a time, whatever asks: a second browser has a second one.
            instances: [
              { browser: 'chromium', name: 'kernels', include: kernels },
              { browser: 'chromium', name: 'engine', exclude: kernels },
            ],
          },
        },
      },
    ],
  },
});
