import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parametersOf, type Block } from './parameters.ts';
import { batches, batchOf, type Contestant, type Run, type Start, type Workload } from './workload.ts';

/** A Python that has PyTorch. */
interface Torch {
  readonly python: string;
  readonly version: string;
  /** The name of its CUDA device. */
  readonly gpu: string | null;
}

const question =
  'import json, torch; gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else None; ' +
  'print(json.dumps({"version": torch.__version__, "gpu": gpu}))';

/** The first Python with PyTorch: that of the variable PYTHON, the one on the path, the system's own. */
export function findTorch(): Torch | null {
  for (const python of [process.env['PYTHON'], 'python3', '/usr/bin/python3']) {
    if (python === undefined) continue;
    try {
      const answer = execFileSync(python, ['-c', question], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      return { python, ...(JSON.parse(answer) as Omit<Torch, 'python'>) };
    } catch {
      // No such Python, or none with PyTorch.
    }
  }
  return null;
}

/** PyTorch as it comes; on a CUDA device also with the step captured as a graph. */
export const pytorch = ({ python, gpu }: Torch): readonly Contestant[] =>
  (gpu === null ? (['eager'] as const) : (['eager', 'graph'] as const)).map((mode) => ({
    name: `PyTorch ${gpu === null ? 'cpu' : 'cuda'} ${mode}`,
    prepare: (workload, start) => prepare(python, mode, workload, start),
  }));

async function prepare(python: string, mode: string, workload: Workload, start: Start): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'feedback-lab-bench-'));
  write(folder, workload, start);
  const program = fileURLToPath(new URL('pytorch.py', import.meta.url));
  const child = spawn(python, [program, folder, mode], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async train(steps) {
      child.stdin.write(`${steps}\n`);
      const answer = await answers.next();
      if (answer.done) throw new Error('PyTorch’s process ended; its last words are above.');
      return JSON.parse(answer.value) as number[];
    },
    dispose: () => void child.kill(),
  };
}

/** Leaves what pytorch.py trains in a folder: plan.json says what lies in numbers.bin, one array behind the other. */
function write(folder: string, workload: Workload, start: Start): void {
  const { batch, rate, momentum, decay } = workload.experiment;
  const arrays: (Block & { readonly name: string })[] = [];
  for (const [i, layer] of parametersOf(workload, start, 'channels first').entries())
    for (const [name, block] of Object.entries(layer) as [string, Block | null][])
      if (block) arrays.push({ name: `${name}${i}`, ...block });
  const data = Array.from({ length: batches }, (_, index) => batchOf(start, batch, index));
  const numbersOf = (parts: readonly ArrayLike<number>[]): Float32Array<ArrayBuffer> =>
    Float32Array.from(parts.flatMap((part) => Array.from(part)));
  const [x, y] = [numbersOf(data.map((each) => each.x)), numbersOf(data.map((each) => each.y))];
  arrays.push({ name: 'x', numbers: x, shape: [batches, batch, x.length / batches / batch] });
  arrays.push({ name: 'y', numbers: y, shape: [batches, batch] });
  const convolutional = workload.experiment.layers.some(({ kind }) => kind === 'conv');
  const plan = {
    rate,
    momentum,
    decay,
    convolutional,
    arrays: arrays.map(({ name, shape }) => ({ name, shape })),
  };
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
  writeFileSync(join(folder, 'numbers.bin'), Buffer.concat(arrays.map(({ numbers }) => Buffer.from(numbers.buffer))));
}
