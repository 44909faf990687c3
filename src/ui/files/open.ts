import { printBytes } from '../../model/bytes.ts';
import { parseExperiment } from '../../model/codec.ts';
import { FaultError, toFault } from '../../model/fault.ts';
import { fieldKeys } from '../../model/fields.ts';
import { grouped } from '../format.ts';
import type { Lab } from '../lab.ts';
import type { NamedFile } from '../../workers/protocol.ts';

/** What the files of a data set may take together: they are read at once, and unpacked beside that. */
const mostData = 512 * 2 ** 20;
/** Exported numbers, which bring their experiment along, are long. They are parsed as one string, and the page waits. */
const mostJson = 256 * 2 ** 20;

/** What the page opens: the endings for the file dialogue. */
export const runFiles = '.safetensors,.json';

const refuse = (text: string): never => {
  throw new FaultError('data', text);
};

/** Opens a run, an experiment, or the files of a data set, whichever it is; what is wrong with them is shown. */
export async function openFiles(lab: Lab, chosen: readonly File[] | Promise<readonly File[]>): Promise<void> {
  try {
    const files = await chosen;
    await lab.settled();
    const [first] = files;
    if (first === undefined) return;
    // What was told of another file is over.
    lab.store.setState({ fault: null, notices: [] });
    const open = ways.find(({ ending }) => files.some(({ name }) => ending.test(name)));
    // A folder of images may have notes of any kind among them.
    if (open === undefined || first.webkitRelativePath) await openDataset(lab, files);
    else if (files.length > 1) refuse('A run or an experiment is one file. Open it by itself.');
    else await open.open(lab, first);
  } catch (error) {
    await lab.settled();
    lab.store.setState({ fault: toFault(error) });
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
  bytes: new Uint8Array(await contentOf(file, file.arrayBuffer())),
});

/** What is read of a file, or why it cannot be: it was moved or changed since it was chosen, or is too much for this browser. */
const contentOf = <Content>({ name, size }: File, reading: Promise<Content>): Promise<Content> =>
  reading.catch((thrown: unknown) => {
    // Some browsers say the same of both.
    const text =
      thrown instanceof RangeError || size > mostData
        ? `${name}, ${printBytes(size)}, could not be read: this browser has no memory for it, or it was moved. Close other pages, then choose it again.`
        : `${name} could not be read. Choose it again.`;
    throw new FaultError('data', text, String(thrown));
  });

async function openRun(lab: Lab, file: File): Promise<void> {
  if (await lab.resume(await read(file)))
    lab.notices.toast(`Opened ${file.name}. Train goes on from where it was saved.`);
}

async function openExperiment(lab: Lab, file: File): Promise<void> {
  if (file.size > mostJson)
    refuse(
      `${file.name} is ${printBytes(file.size)}; the lab opens JSON of up to ${printBytes(mostJson)}. Of exported numbers it reads ` +
        'no more than the experiment: copy what stands behind "experiment", a few lines at the top, to a file of its own.',
    );
  const data = parseJson(await contentOf(file, file.text()));
  if (data === undefined)
    refuse(`${file.name} is not JSON. An experiment reads like {"rule": "pfa", "layers": "512-512", "seed": 1}.`);
  const settings = experimentIn(data);
  const restored = parseExperiment(settings);
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) refuse(restored.notices.join(' '));
  else if (!fieldKeys.some((key) => key in settings))
    refuse(`${file.name} names no setting. An experiment reads like {"rule": "pfa", "layers": "512-512", "seed": 1}.`);
  lab.adopt(restored);
  lab.notices.toast(`Opened the settings of ${file.name}.`);
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
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const what = files.length === 1 ? `${files[0].name} is` : `These ${files.length} files together are`;
  if (size > mostData)
    refuse(
      `${what} ${printBytes(size)}; a data set may have ${printBytes(mostData)} at most. Choose fewer or smaller files.`,
    );
  const added = await lab.addDataset(await Promise.all(files.map(read)));
  if (added === undefined) return;
  const { id, name, train, test, classes, kept } = added;
  const content = `${grouped(train)} training and ${grouped(test)} test images of ${classes} classes`;
  const notes = [
    ...(lab.keepsImages(id) ? ['This run goes on with the images that it has; Reset takes these.'] : []),
    ...(kept ? [] : ['The browser does not keep it: it is gone when the page is closed.']),
  ];
  lab.notices.toast([`${name}: ${content}.`, ...notes].join(' '));
}
