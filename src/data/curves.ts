import { type Curves, isChange, isSegment, type Table, type TableName, tableNames } from '../model/curves.ts';
import { isCount, isRecord } from '../model/json.ts';
import { FileFault } from './bytes.ts';
import type { TensorFile } from './safetensors.ts';

/** The key of what is said of the curves in a file's metadata, and what the names of their tensors begin with. */
const key = 'curves';
const tensorOf = (table: TableName): string => `${key}.${table}`;

/** Puts a run's curves into its file: a tensor for every table, and in the metadata who taught and what was changed. */
export function putCurves({ tensors, metadata }: TensorFile, { tables, segments, changes }: Curves): void {
  for (const name of tableNames) {
    const { width, numbers } = tables[name];
    tensors.set(tensorOf(name), { shape: [numbers.length / width, width], data: numbers });
  }
  metadata.set(key, JSON.stringify({ segments, changes }));
}

/**
 * Takes the curves, whole or not, out of what was read of a file; null where there are none.
 * @throws FileFault when they are not what `putCurves` writes. What is left of the file is as good without them.
 */
export function takeCurves(file: string, { tensors, metadata }: TensorFile): Curves | null {
  const own = new Map([...tensors].filter(([name]) => name.startsWith(`${key}.`)));
  for (const name of own.keys()) tensors.delete(name);
  const text = metadata.get(key);
  if (text === undefined) return null;
  const broken = (what: string): FileFault =>
    new FileFault('malformed', `The curves in ${file} cannot be read: ${what}. The run goes on without them.`);
  const tableOf = (name: TableName): Table => {
    const tensor = own.get(tensorOf(name));
    const [rows = 0, width = 0] = tensor?.shape ?? [];
    if (tensor?.shape.length !== 2 || width === 0 || !(tensor.data instanceof Float32Array))
      throw broken(`${tensorOf(name)} is not a table of float32`);
    for (let row = 0, before = 0; row < rows; before = tensor.data[row++ * width])
      if (!(tensor.data[row * width] >= before)) throw broken(`the steps of ${tensorOf(name)} are not in order`);
    return { width, numbers: tensor.data };
  };
  const tables = { train: tableOf('train'), test: tableOf('test'), alignment: tableOf('alignment') };
  const { segments, changes } = parse(text) ?? {};
  if (!Array.isArray(segments) || !segments.every(isTaught) || segments.length === 0)
    throw broken('it does not say which rules taught');
  for (const name of tableNames) {
    const starts = segments.map((segment) => segment.starts[name]);
    const rows = tables[name].numbers.length / tables[name].width;
    if (starts[0] !== 0 || starts.some((start, i) => start < (starts[i - 1] ?? 0) || start > rows))
      throw broken(`the rules that taught do not fit ${tensorOf(name)}`);
  }
  if (!Array.isArray(changes) || !changes.every(isChange)) throw broken('it does not say what was changed');
  return { tables, segments, changes };
}

function parse(text: string): { readonly segments?: unknown; readonly changes?: unknown } | null {
  try {
    return JSON.parse(text) as object | null;
  } catch {
    return null;
  }
}

function isTaught(value: unknown): value is Curves['segments'][number] {
  if (!isRecord(value) || !isSegment(value)) return false;
  const { starts } = value as Record<string, unknown>;
  return isRecord(starts) && tableNames.every((name) => isCount(starts[name]));
}
