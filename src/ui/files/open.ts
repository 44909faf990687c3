import { parseExperiment } from '../../model/codec.ts';
import { FaultError, toFault } from '../../model/fault.ts';
import { fieldKeys } from '../../model/fields.ts';
import { bytes, grouped } from '../format.ts';
import type { Lab } from '../lab.ts';
import type { NamedFile } from '../../workers/protocol.ts';

/** What is read into memory at once, and what an experiment may take of it. */
const most = 512 * 2 ** 20;
const mostJson = 2 ** 20;

/** What the page opens: the endings for the file dialogue. */
export const runFiles = '.safetensors,.json';

const refuse = (text: string): never => {
  throw new FaultError('data', text);
};

/** Opens a run, an experiment, or the files of a data set, whichever it is; what is wrong with them is shown. */
export async function openFiles(lab: Lab, files: readonly File[]): Promise<void> {
  const [first] = files;
  if (first === undefined) return;
  await lab.settled();
  lab.store.setState({ fault: null });
  try {
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const what = files.length === 1 ? `${first.name} is` : `These ${files.length} files together are`;
    if (size > most) refuse(`${what} ${bytes(size)}; the lab opens ${bytes(most)} at most. Choose smaller files.`);
    const open = ways.find(({ ending }) => files.some(({ name }) => ending.test(name)));
    // A folder of images may have notes of any kind among them.
    if (open === undefined || first.webkitRelativePath) await openDataset(lab, files);
    else if (files.length > 1) refuse('A run or an experiment is one file. Open it by itself.');
    else await open.open(lab, first);
  } catch (error) {
    const fault =
      error instanceof FaultError
        ? error.fault
        : // The file was moved or changed between choosing and reading.
          ({ ...toFault(error), kind: 'data', text: `${first.name} could not be read. Choose it again.` } as const);
    lab.store.setState({ fault });
  }
}

/** What is one file and known by its name's ending. */
const ways = [
  { ending: /\.safetensors$/i, open: openRun },
  { ending: /\.json$/i, open: openExperiment },
] as const;

const read = async (file: File): Promise<NamedFile> => ({
  // In a chosen folder, the class of a picture is the folder that it lies in.
  name: file.webkitRelativePath || file.name,
  bytes: new Uint8Array(await file.arrayBuffer()),
});

async function openRun(lab: Lab, file: File): Promise<void> {
  if (await lab.resume(await read(file))) lab.toast(`Opened ${file.name}. Train goes on from where it was saved.`);
}

async function openExperiment(lab: Lab, file: File): Promise<void> {
  if (file.size > mostJson) refuse(`${file.name} is too long to be an experiment, which is a few lines of JSON.`);
  const data = parseJson(await file.text());
  if (data === undefined)
    refuse(`${file.name} is not JSON. An experiment reads like {"rule": "pfa", "layers": "512-512", "seed": 1}.`);
  const settings = experimentIn(data);
  const restored = parseExperiment(settings);
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) refuse(restored.notices.join(' '));
  else if (!fieldKeys.some((key) => key in settings))
    refuse(`${file.name} names no setting. An experiment reads like {"rule": "pfa", "layers": "512-512", "seed": 1}.`);
  lab.adopt(restored);
  lab.toast(`Opened the settings of ${file.name}.`);
}

/** Numbers that the page has exported bring their experiment along. */
const experimentIn = (data: unknown): unknown =>
  typeof data === 'object' && data !== null && 'experiment' in data ? data.experiment : data;

/** JSON has no undefined: that is what other texts give. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function openDataset(lab: Lab, files: readonly File[]): Promise<void> {
  const added = await lab.addDataset(await Promise.all(files.map(read)));
  if (added === undefined) return;
  const { id, name, train, test, classes, kept } = added;
  const size = `${grouped(train)} training and ${grouped(test)} test images of ${classes} classes`;
  const notes = [
    ...(lab.keepsImages(id) ? ['This run goes on with the images that it has; Reset takes these.'] : []),
    ...(kept ? [] : ['The browser does not keep it: it is gone when the page is closed.']),
  ];
  lab.toast([`${name}: ${size}.`, ...notes].join(' '));
}
