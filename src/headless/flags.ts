import { parseArgs } from 'node:util';
import { type DeviceKind, deviceKinds } from '../gpu/device.ts';
import { FaultError } from '../model/fault.ts';
import { type Changes, fieldNamed } from './experiment.ts';

export const usage = `Feedback Lab in a terminal: the engine of the page, on Node and Dawn.

  npm run lab -- train [EXPERIMENT.json]   train one experiment; without a file, the page's default
  npm run lab -- sweep SWEEP.json          train every combination of a sweep
  npm run lab -- merge DIR...              join the results of finished runs into one CSV and one JSON file

train and sweep
  --set FIELD=VALUE      change a field of the experiment; may be repeated: --set rule=fa --set layers=128
  --data DIR             four IDX files, raw or .gz; without it, the site's own (npm run datasets)
  --no-shuffle           take the training images in their order
  --epochs N, --steps N  train so many epochs, or steps, counted from the very start of the run
  --log-every N          measure every N steps (one epoch)
  --save-every N         write a checkpoint every N steps (only at the end)
  --init FILE            start from these tensors (safetensors): all of a network's, or some
  --out DIR              where the results go (runs/NAME)
  --device KIND          ${deviceKinds.join(' or ')} (webgpu)
  --quiet                say nothing but what went wrong
train
  --resume DIR|FILE      go on from a run's folder, or from one of its checkpoints; with --data if it had one
sweep
  --shard I/N            only the I-th of N disjoint parts, I from 1 to N
  --together N           train runs that share a program in lock-step, N networks at once (16); 1: one by one
merge
  --out PREFIX           write PREFIX.csv and PREFIX.json (merged)
  --curves               every log point, and not only the last

Exit status: 0 done, 1 something went wrong, 3 train diverged, 130 or 143 stopped by a signal and saved

Details: docs/headless.md`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

const training = {
  set: { ...text, multiple: true },
  data: text,
  'no-shuffle': flag,
  epochs: text,
  steps: text,
  'log-every': text,
  'save-every': text,
  init: text,
  out: text,
  device: text,
  quiet: flag,
} as const;
/** Which flags each command takes. */
export const commands = {
  train: { ...training, resume: text },
  sweep: { ...training, shard: text, together: text },
  merge: { out: text, curves: flag },
} as const;
export type Command = keyof typeof commands;

/** What was typed behind a command. */
export interface Flags {
  readonly files: readonly string[];
  readonly changes: Changes;
  readonly data: string | undefined;
  readonly shuffle: boolean;
  readonly steps: number | undefined;
  readonly logEvery: number | undefined;
  readonly saveEvery: number | undefined;
  readonly init: string | undefined;
  readonly out: string | undefined;
  readonly device: DeviceKind;
  readonly quiet: boolean;
  readonly resume: string | undefined;
  /** From 0. */
  readonly shard: { readonly index: number; readonly count: number };
  /** Networks that train in lock-step at most. */
  readonly together: number;
  readonly curves: boolean;
}

export const isCommand = (word: string | undefined): word is Command =>
  word !== undefined && Object.hasOwn(commands, word);

/** Reads the words behind a command. Throws a FaultError('invalid') that names the flag and what it takes. */
export function parseFlags(command: Command, words: readonly string[]): Flags {
  const { values, positionals } = parse(command, words);
  const string = (name: string): string | undefined => values[name] as string | undefined;
  const whole = (name: string): number | undefined => {
    const value = string(name);
    if (value === undefined) return undefined;
    if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
    throw invalid(`--${name} takes a whole number from 1 on, not “${value}”.`);
  };
  const changes = new Map((values['set'] as string[] | undefined)?.map(parseChange));
  const epochs = string('epochs');
  if (epochs !== undefined) changes.set('epochs', epochs);
  return {
    files: positionals,
    changes,
    data: string('data'),
    shuffle: values['no-shuffle'] !== true,
    steps: whole('steps'),
    logEvery: whole('log-every'),
    saveEvery: whole('save-every'),
    init: string('init'),
    out: string('out'),
    device: parseDevice(string('device') ?? 'webgpu'),
    quiet: values['quiet'] === true,
    resume: string('resume'),
    shard: parseShard(string('shard') ?? '1/1'),
    together: whole('together') ?? 16,
    curves: values['curves'] === true,
  };
}

function parse(command: Command, words: readonly string[]): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args: [...words], options: commands[command], allowPositionals: true });
  } catch (error) {
    throw invalid(
      `${(error as Error).message.replace(/\. To specify a positional.*$/s, '.')} See: npm run lab -- --help`,
    );
  }
}

function parseChange(item: string): [ReturnType<typeof fieldNamed>, string] {
  const equals = item.indexOf('=');
  if (equals < 0) throw invalid(`--set takes FIELD=VALUE, such as --set rule=fa, not “${item}”.`);
  return [fieldNamed(item.slice(0, equals)), item.slice(equals + 1)];
}

function parseDevice(name: string): DeviceKind {
  const kind = deviceKinds.find((candidate) => candidate === name);
  if (!kind) throw invalid(`--device takes ${deviceKinds.join(' or ')}, not “${name}”.`);
  return kind;
}

function parseShard(shard: string): Flags['shard'] {
  const [, index = 0, count = 0] = /^(\d{1,6})\/(\d{1,6})$/.exec(shard)?.map(Number) ?? [];
  if (index >= 1 && index <= count) return { index: index - 1, count };
  throw invalid(`--shard takes I/N, I from 1 to N, such as 3/8, not “${shard}”.`);
}

const invalid = (message: string): FaultError => new FaultError('invalid', message);
