import { defineConfig } from '@playwright/test';
import { browserLaunch } from './scripts/browser.ts';

const port = 4179;

/** End to end, over the production build, made and served by the very command that a user runs. */
export default defineConfig({
  testDir: 'e2e',
  // A page waits much of the time: on two cores, two browsers took 234 s where one took 400.
  workers: 2,
  timeout: 300_000,
  expect: { timeout: 60_000 },
  forbidOnly: Boolean(process.env['CI']),
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1280, height: 720 },
    launchOptions: browserLaunch(),
    trace: 'retain-on-failure',
  },
  webServer: {
    command: `npm start -- --port ${port} --strictPort`,
    url: `http://localhost:${port}`,
    timeout: 180_000,
  },
});
