import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Plugin } from 'vite';

/** The builds of one source: with multiply-adds that round once or twice, for several threads or for one. */
const builds = ['relaxed-simd threads', 'relaxed-simd', 'threads', ''];

const flags = ['--runtime', 'stub', '-O3', '--noAssert', '--importMemory', '--maximumMemory', '65536'];
/** AssemblyScript warns that vectors cannot be exchanged with JavaScript, which nobody tries. */
const quiet = ['--disableWarning', '112'];

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const compiler = pathOf('../node_modules/assemblyscript/bin/asc.js');
const cache = pathOf('../node_modules/.cache/native');

/**
 * `import { builds } from './index.ts?wasm'`: AssemblyScript, compiled when it is imported; a table of features → WebAssembly
 * as base64. Compiling takes seconds, so what comes out is kept in node_modules until a source changes.
 */
export function native(): Plugin {
  return {
    name: 'native',
    async load(id) {
      if (!id.endsWith('?wasm')) return null;
      const entry = id.replace('?wasm', '');
      const sources = readdirSync(dirname(entry)).map((name) => join(dirname(entry), name));
      for (const source of sources) this.addWatchFile(source);
      const key = keyOf([...sources, pathOf('native-plugin.ts'), pathOf('../package-lock.json')]);
      mkdirSync(cache, { recursive: true });
      const table = await Promise.all(
        builds.map(async (build) => {
          const file = join(cache, `${key} ${build}.wasm`);
          await (running.get(file) ?? start(entry, file, ['simd', ...build.split(' ').filter(Boolean)]));
          return [build, readFileSync(file, 'base64')] as const;
        }),
      );
      return `export const builds = ${JSON.stringify(Object.fromEntries(table))};`;
    },
  };
}

/** A name for what these files say. */
const keyOf = (files: readonly string[]): string =>
  files.reduce((hash, file) => hash.update(readFileSync(file)), createHash('sha256')).digest('hex');

/** What is being compiled in this process: the page and its worker import it at the same time. */
const running = new Map<string, Promise<void>>();

/** Makes a file unless it is there. */
function start(entry: string, file: string, features: readonly string[]): Promise<void> {
  const made = existsSync(file) ? Promise.resolve() : compile(entry, file, features);
  running.set(file, made);
  return made;
}

/** Throws with the compiler's words. */
async function compile(entry: string, file: string, features: readonly string[]): Promise<void> {
  // A name of its own, as several processes may compile at once.
  const unfinished = `${file}.${process.pid}`;
  const enabled = features.flatMap((feature) => ['--enable', feature]);
  const shared = features.includes('threads') ? ['--sharedMemory'] : [];
  const options = ['--outFile', unfinished, ...flags, ...quiet, ...enabled, ...shared];
  await promisify(execFile)(process.execPath, [compiler, entry, ...options]);
  renameSync(unfinished, file);
}
