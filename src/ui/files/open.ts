import { printBytes } from '../../model/bytes.ts';
import { parseExperiment } from '../../model/codec.ts';
import { FaultError, toFault } from '../../model/fault.ts';
import { fieldKeys } from '../../model/fields.ts';
import { isRecord } from '../../model/json.ts';
import { grouped } from '../format.ts';
import { nameOf } from '../charts/earlier.ts';
import { wouldLose } from '../leaving.ts';
import type { Lab } from '../lab.ts';
import type { NamedFile } from '../../workers/protocol.ts';
import { runOf, runsIn, type Opened } from './runs.ts';

/** What the files of a data set may take together: they are read at once, and unpacked beside that. */
const mostData = 512 * 2 ** 20;
/** Exported numbers are long. They are parsed as one string, and the page waits. */
const mostJson = 256 * 2 ** 20;

/** What the page opens: the endings for the file dialogue. */
export const runFiles = '.safetensors,.json,.jsonl';

const refuse = (text: string): never => {
  throw new FaultError('data', text);
};

/** Opens a run, numbers, an experiment, or the files of a data set, whichever it is; what is wrong with them is shown. */
export async function openFiles(lab: Lab, chosen: readonly File[] | Promise<readonly File[]>): Promise<void> {
  await attempt(lab, async () => {
    const files = await chosen;
    await lab.settled();
    const [first] = files;
    if (first === undefined) return;
    // What was told of another file is over.
    lab.store.setState({ fault: null });
    lab.notices.notifyOfSettings([]);
    const logs = files.filter(isLog);
    const open = ways.find(({ ending }) => files.some(({ name }) => ending.test(name)));
    if (logs.length > 0) await openLogs(lab, logs, files);
    // A folder of images may have notes of any kind among them.
    else if (open === undefined || first.webkitRelativePath) await openDataset(lab, files);
    else if (files.length > 1) refuse('A run, numbers or an experiment are one file. Open it by itself.');
    else await open.open(lab, first);
  });
}

/** Does something, and shows what went wrong with it. */
async function attempt(lab: Lab, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    await lab.settled();
    lab.store.setState({ fault: toFault(error) });
  }
}

/** What is one file and known by its name's ending. */
const ways = [
  { ending: /\.safetensors$/i, open: openRun },
  { ending: /\.json$/i, open: openJson },
  {
    ending: /\.csv$/i,
    open: (_: Lab, { name }: File) =>
      refuse(
        `${name} does not say of which experiment its numbers are. Open them as JSON: Files exports them so, too.`,
      ),
  },
] as const;

/** The figures of a terminal's run. A folder of images has lines of JSON of its own kinds. */
const isLog = ({ name, webkitRelativePath }: File): boolean =>
  webkitRelativePath ? name === 'metrics.jsonl' : /\.jsonl$/i.test(name);

const pathOf = ({ name, webkitRelativePath }: File): string => webkitRelativePath || name;
const folderOf = (file: File): string => pathOf(file).slice(0, -file.name.length);

const read = async (file: File): Promise<NamedFile> => ({
  // In a chosen folder, the class of a picture is the folder that it lies in.
  name: pathOf(file),
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

/** A run takes the place of the present one: where that would lose as much as closing the page asks about, only once that is said. */
async function openRun(lab: Lab, file: File): Promise<void> {
  const open = async (): Promise<void> => {
    if (await lab.resume(await read(file)))
      lab.notices.toast(`Opened ${file.name}. Train goes on from where it was saved.`);
  };
  if (!wouldLose(lab.store.getState())) return open();
  offer(
    lab,
    `${file.name} would take the place of this run, whose weights are in no file; its curves stay. Save it first, or:`,
    'Open it now',
    () => attempt(lab, open),
  );
}

/** Numbers, which are of runs, or else the settings that a file of JSON holds. */
async function openJson(lab: Lab, file: File): Promise<void> {
  const data = await readJson(file);
  const runs = runsIn(file.name, data);
  if (runs === null) openExperiment(lab, file, data);
  else compare(lab, file.name, runs);
}

function openExperiment(lab: Lab, { name }: File, data: unknown): void {
  const settings = experimentIn(data);
  if (!isRecord(settings) || !fieldKeys.some((key) => key in settings)) refuse(`${name} names no setting. ${likeThis}`);
  lab.draft.adopt(parseExperiment(settings));
  lab.notices.toast(`Opened the settings of ${name}.`);
}

/** Terminals' runs, each with the experiment that lies beside its figures. */
async function openLogs(lab: Lab, logs: readonly File[], files: readonly File[]): Promise<void> {
  const runs: Opened[] = [];
  for (const log of logs) {
    const path = pathOf(log);
    const beside = (among: readonly File[]): File[] => among.filter((file) => folderOf(file) === folderOf(log));
    const experiment = beside(files).find(({ name }) => /\.json$/i.test(name));
    if (experiment === undefined)
      return refuse(
        `${path} does not say of which experiment it is. Choose experiment.json, which lies beside it, together with it, or drop the ` +
          'folder of the run on the page.',
      );
    if (beside(logs).length > 1)
      return refuse(
        'Which of these figures are of which experiment? Open one run at a time, or drop the folders of several.',
      );
    const settings = experimentIn(await readJson(experiment));
    runs.push(...runOf(path, await textOf(log), settings));
  }
  compare(lab, logs.length === 1 ? pathOf(logs[0]) : `${logs.length} folders`, runs);
}

/** Puts runs beside the present one, and says which. */
function compare(lab: Lab, source: string, runs: readonly Opened[]): void {
  const { added, left } = lab.run.compare(runs);
  const last = added.at(-1);
  if (last === undefined && left > 0)
    refuse(`No more runs than these have room on the charts. Remove some, by their crosses, and open ${source} again.`);
  if (last === undefined) return void lab.notices.toast(`What ${source} holds is being compared with already.`);
  const told = `Opened ${added.map(nameOf).join(', ')} of ${source}, to compare with.`;
  const description = left > 0 ? `${told} ${left} more had no room: remove some runs and open it again.` : told;
  offer(lab, description, `Take the settings of ${nameOf(last)}`, () =>
    lab.draft.adopt({ experiment: last.experiment, notices: [] }),
  );
}

/** Tells something, and offers to do something about it. */
function offer(lab: Lab, description: string, label: string, act: () => unknown): void {
  const toast = lab.notices.toasts.add({
    description,
    // Long enough to be found with the keyboard.
    timeout: 10_000,
    actionProps: {
      children: label,
      onClick() {
        act();
        lab.notices.toasts.close(toast);
      },
    },
  });
}

/** Numbers of a run, and summaries, bring their experiment along. */
const experimentIn = (data: unknown): unknown => (isRecord(data) && 'experiment' in data ? data['experiment'] : data);

const likeThis = 'An experiment reads like {"rule": "pfa", "layers": "512-512", "seed": 1}.';

async function textOf(file: File): Promise<string> {
  if (file.size > mostJson)
    refuse(
      `${file.name} is ${printBytes(file.size)}; the lab opens JSON of up to ${printBytes(mostJson)}. For the settings of exported numbers ` +
        'copy what stands behind "experiment", a few lines at the top, to a file of its own.',
    );
  return contentOf(file, file.text());
}

async function readJson(file: File): Promise<unknown> {
  const text = await textOf(file);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // What begins as it should was cut off on its way here.
    const how = /^\s*[{[]/.test(text) ? 'It may have been cut off: save or copy it again.' : likeThis;
    return refuse(`${file.name} is not JSON. ${how}`);
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
