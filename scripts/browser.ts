import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

/** Flags that give WebGPU on SwiftShader, Chromium's software GPU: the same adapter, so the same bits, on any machine. */
const args = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
];

/** What Playwright and vitest need to start the browser; without `executablePath` they report how to install one. */
export function browserLaunch(): { executablePath?: string; args: string[] } {
  const executablePath = findBrowser();
  return executablePath === undefined ? { args } : { executablePath, args };
}

/**
 * The Chrome or Chromium to test with: `CHROME_PATH`, else an installed one, else Playwright's own download.
 * @throws when CHROME_PATH names no file.
 */
export function findBrowser(): string | undefined {
  const chosen = chosenBy('CHROME_PATH');
  if (chosen !== undefined) return chosen;
  return [...usualPlaces(), chromium.executablePath()].find((path) => existsSync(path));
}

/**
 * Finds a browser, installing one where there is none: Playwright's own download, else (as root, on Debian) the package.
 * @throws an Error saying what was tried and what to do.
 */
export function ensureBrowser(): string {
  const found = findBrowser();
  if (found !== undefined) return found;

  console.log('No Chrome or Chromium found: installing one.');
  const installers = [['npx', 'playwright', 'install', '--no-shell', 'chromium']];
  if (process.getuid?.() === 0) installers.push(['apt-get', 'update'], ['apt-get', 'install', '-y', 'chromium']);
  for (const [command = '', ...parameters] of installers) {
    console.log(`$ ${[command, ...parameters].join(' ')}`);
    try {
      execFileSync(command, parameters, { stdio: 'inherit', shell: process.platform === 'win32' });
    } catch {
      continue; // The next installer may do; if none does, the error below says what to do.
    }
    const installed = findBrowser();
    if (installed !== undefined) return installed;
  }
  throw new Error(
    'The browser tests need Chrome or Chromium, and none could be found or installed. ' +
      'Install one, or set CHROME_PATH to the program, and run the tests again.',
  );
}

/**
 * The program that an environment variable names.
 * @throws when there is no such file.
 */
function chosenBy(variable: string): string | undefined {
  const chosen = process.env[variable];
  if (!chosen) return undefined;
  if (!existsSync(chosen)) throw new Error(`${variable} is ${chosen}, but there is no such file. Correct or unset it.`);
  return chosen;
}

/**
 * The Firefox to test with: `FIREFOX_PATH`, else an installed one.
 * @throws an Error saying what to do where there is none.
 */
export function findFirefox(): string {
  const found = chosenBy('FIREFOX_PATH') ?? onPath(['firefox', 'firefox-esr']).find((path) => existsSync(path));
  if (found === undefined) throw new Error('No Firefox found. Install it, or set FIREFOX_PATH to the program.');
  return found;
}

const within = (roots: readonly (string | undefined)[], programs: readonly string[]): string[] =>
  roots.flatMap((root) => (root ? programs.map((program) => join(root, program)) : []));

const onPath = (programs: readonly string[]): string[] => within(process.env['PATH']?.split(delimiter) ?? [], programs);

/** Where Chrome and Chromium are usually installed on this operating system. */
function usualPlaces(): string[] {
  switch (process.platform) {
    case 'darwin':
      return within(
        ['/Applications', join(homedir(), 'Applications')],
        ['Google Chrome.app/Contents/MacOS/Google Chrome', 'Chromium.app/Contents/MacOS/Chromium'],
      );
    case 'win32':
      return within(
        [process.env['PROGRAMFILES'], process.env['PROGRAMFILES(X86)'], process.env['LOCALAPPDATA']],
        ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe'],
      );
    default:
      return onPath(['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']);
  }
}
