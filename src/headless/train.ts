import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { type Checkpoint, readCheckpoint } from '../gpu/checkpoint.ts';
import { FaultError } from '../model/fault.ts';
import { makeFolder } from './disk.ts';
import { change, readExperiment } from './experiment.ts';
import type { Flags } from './flags.ts';
import { RunFolder } from './folder.ts';
import { loadImages } from './images.ts';
import { listen } from './interruption.ts';
import { Progress } from './progress.ts';
import { run } from './run.ts';

/** The exit status when every loss has ceased to be a number: not 0, as what comes next in a script needs a network. */
const divergedStatus = 3;

/** `train`: one experiment, from its start or from where it stopped. Returns the exit status. */
export async function train(flags: Flags): Promise<number> {
  if (flags.files.length > 1) throw new FaultError('invalid', 'train takes one experiment file.');
  if (flags.resume !== undefined && (flags.init !== undefined || flags.files.length > 0))
    throw new FaultError(
      'invalid',
      '--resume goes on with the run’s own experiment and tensors: leave out the file and --init.',
    );
  const progress = new Progress(process.stderr, flags.quiet);
  const interruption = listen();
  const resumed = flags.resume === undefined ? null : await readResumed(flags.resume);
  const experiment = change(resumed?.run.experiment ?? (await readExperiment(flags.files[0])), flags.changes);
  const init = flags.init === undefined ? null : await readCheckpointFile(flags.init);
  const folder = new RunFolder(flags.out ?? resumed?.folder ?? `runs/${nameOf(flags.files[0], experiment.rule)}`);
  const goesOnThere = resumed !== null && resolve(folder.path) === resolve(resumed.folder);
  if (folder.used && !goesOnThere)
    throw new FaultError(
      'invalid',
      `${folder.path} holds a run. Go on with it (--resume ${folder.path}), or choose another folder (--out DIR).`,
    );
  const dataset = await loadImages(experiment.dataset, flags.data);
  // Before a device is opened for it.
  makeFolder(folder.path);
  const start = from(resumed?.checkpoint, 'resume') ?? from(init, 'init');
  const [ending] = await run([{ experiment, folder, from: start }], {
    ...flags,
    shuffle: resumed?.run.shuffle ?? flags.shuffle,
    dataset,
    progress,
    interruption,
  });
  interruption.release();
  if (ending === 'finished') progress.say(`Done: ${folder.path}`);
  else if (ending === 'diverged')
    console.error(`The loss is no longer a number. Lower the learning rate: --set rate=…`);
  else console.error(`Stopped; the state is saved. Go on with:\n  ${resumeCommand(folder, flags)}`);
  return { finished: 0, diverged: divergedStatus, stopped: interruption.status ?? 1 }[ending];
}

const from = <Kind extends 'resume' | 'init'>(checkpoint: Checkpoint | null | undefined, kind: Kind) =>
  checkpoint ? { kind, checkpoint } : null;

const nameOf = (file: string | undefined, rule: string): string =>
  file === undefined ? rule : basename(file).replace(/\.json$/, '');

/** Reads a checkpoint from the disk. */
export async function readCheckpointFile(path: string): Promise<Checkpoint> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new FaultError('invalid', `The checkpoint cannot be read: ${error.message}.`);
  });
  return readCheckpoint(path, new Uint8Array(bytes));
}

/** The checkpoint that `--resume` names, by its file or by its run's folder. */
async function readResumed(path: string) {
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  const file = isFolder ? new RunFolder(path).lastCheckpoint : path;
  if (file === null)
    throw new FaultError('invalid', `${path} has no step-NNNNNN.safetensors to go on from. Start the run anew.`);
  const checkpoint = await readCheckpointFile(file);
  if (!checkpoint.run) throw new FaultError('invalid', `${file} says of no run. Start one from it with --init ${file}`);
  return { folder: isFolder ? path : dirname(path), checkpoint, run: checkpoint.run };
}

function resumeCommand({ path }: RunFolder, { data, steps, logEvery, saveEvery, device }: Flags): string {
  const flags = { resume: path, data, steps, 'log-every': logEvery, 'save-every': saveEvery, device };
  const words = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  return ['npm run lab -- train', ...words.map((word) => quote(String(word)))].join(' ');
}

/** A word as a shell takes it. */
const quote = (word: string): string => (/^[\w./=:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
