/**
 * `node scripts/run.js PROGRAM.ts [ARGUMENT…]`: runs a program of this repository in Node through Vite's transforms, so
 * that the engine and its `.wgsl?raw` imports mean the same in a terminal as in the page. Itself plain JavaScript, to
 * start at once.
 */
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const program = process.argv[2];
if (program === undefined) throw new Error('Say what to run: node scripts/run.js PROGRAM.ts [ARGUMENT…]');
// The program finds its own arguments where Node would put them.
process.argv.splice(1, 2, resolve(program));
const plain = { configFile: false, logLevel: 'warn' };
const { module } = await runnerImport(resolve(import.meta.dirname, 'native-plugin.ts'), plain);
await runnerImport(resolve(program), { ...plain, plugins: [module.native()] });
