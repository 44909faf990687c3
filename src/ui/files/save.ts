import { printExperiment, printField } from '../../model/codec.ts';
import type { Experiment } from '../../model/experiment.ts';
import type { Lab } from '../lab.ts';
import { toCsv, toJson } from './numbers.ts';

/** "pfa_512-512_seed7_step120": what a file of a run is called. */
export function nameOf(experiment: Experiment, step: number): string {
  const network = printField('layers', experiment.layers)
    .replace(/[^a-z0-9-]+/g, '_')
    .slice(0, 40);
  const { seed, replicas } = experiment;
  const seeds = replicas === 1 ? `seed${seed}` : `seeds${seed}-${seed + replicas - 1}`;
  return [experiment.rule, ...(network === '' ? [] : [network]), seeds, `step${step}`].join('_');
}

/** Hands the visitor a file. */
export function download(name: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content]));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers begin to read only after the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The experiment that the numbers on show are of. */
const shown = ({ store }: Lab): Experiment => store.getState().loaded ?? store.getState().experiment;

export async function saveRun(lab: Lab): Promise<void> {
  const saved = await lab.save();
  if (saved === undefined) return;
  const name = `${nameOf(shown(lab), saved.step)}.safetensors`;
  download(name, saved.bytes as Uint8Array<ArrayBuffer>);
  lab.notices.toast(`Saved as ${name}`);
}

export function exportExperiment(lab: Lab): void {
  const { experiment } = lab.store.getState();
  download(
    `${experiment.rule}_seed${experiment.seed}_experiment.json`,
    `${JSON.stringify(printExperiment(experiment), null, 2)}\n`,
  );
}

/** Letters that are written before the page has its turn: some hundredths of a second. */
const lettersAtOnce = 2 ** 20;

/** A file of text that is longer than any string, and than a page may stand still to write. */
export async function gather(pieces: Iterable<string>): Promise<Blob> {
  const parts: Blob[] = [];
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < lettersAtOnce) continue;
    // A browser keeps large blobs on its disk, and strings in the memory of the page.
    parts.push(new Blob([text]));
    text = '';
    await new Promise((resume) => setTimeout(resume));
  }
  return new Blob([...parts, text]);
}

const formats = { csv: toCsv, json: toJson } as const;

/** The numbers of the present run and of those that are kept to compare with, on the charts or not. */
export async function exportNumbers(lab: Lab, format: keyof typeof formats): Promise<void> {
  const { history } = lab.run;
  const { earlier, status } = lab.store.getState();
  const experiment = shown(lab);
  // The run may go on while it is written.
  const curves = history.record();
  const { tables } = curves;
  if (earlier.length === 0 && Object.values(tables).every(({ numbers }) => numbers.length === 0)) {
    lab.notices.toast('There are no numbers before the first step.');
    return;
  }
  const name = `${nameOf(experiment, history.lastStep)}_numbers.${format}`;
  const present = { experiment, curves, stepsPerEpoch: status.stepsPerEpoch };
  download(name, await gather(formats[format](present, earlier)));
}
