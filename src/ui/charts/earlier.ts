import { printExperiment } from '../../model/codec.ts';
import type { Curves, Segment } from '../../model/curves.ts';
import type { Experiment, FieldKey } from '../../model/experiment.ts';
import { fieldKeys, fieldOf } from '../../model/fields.ts';
import { recommended } from '../../model/presets.ts';
import { ruleOf } from '../../model/rules/index.ts';
import { describeSetting, valueOf } from '../format.ts';
import { sameField } from '../store.ts';
import type { ChangeMark, Metric } from './history.ts';
import type { Pyramid } from './pyramid.ts';

/** A run that another one took the place of, with its curves as they stood: to compare with. */
export interface EarlierRun {
  /** Which of the runs on this page it is, the removed ones counted. */
  readonly number: number;
  /** When it began or was opened, in ms: of each run another time. */
  readonly time: number;
  /** Whether it is on the charts. */
  readonly shown: boolean;
  /** Which shade of its rules' colours its curves have. */
  readonly shade: number;
  /** The file that it was opened from; null for one that was trained here. */
  readonly file: string | null;
  /** As it was in the end. */
  readonly experiment: Experiment;
  readonly stepsPerEpoch: number;
  readonly segments: readonly Segment[];
  readonly marks: readonly ChangeMark[];
  readonly firstStep: number;
  readonly lastStep: number;
  readonly lines: ReadonlyMap<Metric, readonly Pyramid[]>;
  /** Everything that was reported of it, network by network, to be taken away. */
  readonly curves: Curves;
}

/** A run before the page keeps it. */
export type Trained = Omit<EarlierRun, 'number' | 'time' | 'shown' | 'shade' | 'file'>;

/** More would hide one another. */
const most = 8;
/** A run that was given up before had nothing to show. */
const leastSteps = 20;

/** The earlier runs with another one: of several that must have the same curves, which a file's need not, the longest stays. */
export function withEarlier(runs: readonly EarlierRun[], run: EarlierRun): readonly EarlierRun[] {
  if (run.lastStep - run.firstStep < leastSteps) return runs;
  const twin = runs.find((other) => other.file === run.file && identity(other) === identity(run));
  if (twin && twin.lastStep >= run.lastStep) return runs;
  return [...runs.filter((other) => other !== twin), run];
}

/** As many as have room, and the oldest ones, which have to give way. */
export const makeRoom = (runs: readonly EarlierRun[]): { readonly kept: typeof runs; readonly gone: typeof runs } => ({
  kept: runs.slice(-most),
  gone: runs.slice(0, -most),
});

/** How many more have room. */
export const roomBeside = (runs: readonly EarlierRun[]): number => most - runs.length;

/** Whether a run stands among others, as far as it has come. */
export const isAmong = (runs: readonly EarlierRun[], run: Trained): boolean =>
  runs.some((other) => identity(other) === identity(run) && other.lastStep === run.lastStep);

/** What a run's curves follow from. How far it was to go bends none of them. */
const identity = ({ experiment, stepsPerEpoch, segments, marks, firstStep }: Trained): string =>
  JSON.stringify([
    printExperiment({ ...experiment, epochs: 1 }),
    // Other images under the same name.
    stepsPerEpoch,
    segments,
    marks.map(({ step, label }) => [step, label]),
    firstStep,
  ]);

/** "FA → BP": the rules that taught, in turns. */
export const rulesOf = (segments: readonly Segment[]): string =>
  segments.map(({ rule }) => ruleOf(rule).name).join(' → ');

/** "FA #1", "… BP #2": a name that is short however many rules there were. */
export const nameOf = ({ segments, number }: EarlierRun): string =>
  `${segments.length > 1 ? '… ' : ''}${rulesOf(segments.slice(-1))} #${number}`;

/** "#1 FA, learning rate 0.05": its number and what sets it apart from the present run. */
export const titleOf = (run: EarlierRun, present: Experiment, settings?: number): string =>
  `#${run.number} ${describeEarlier(run, present, settings)}`;

/** Whether a setting is what goes with the rule and the network, which goes with nothing itself. */
const isUsual = (key: FieldKey, experiment: Experiment): boolean =>
  key !== 'layers' && sameField(key, experiment, recommended(experiment.rule, experiment.layers));

/** Whether a setting sets two runs apart: not where each has what goes with its rule. */
const differs = (key: FieldKey, a: Experiment, b: Experiment): boolean =>
  !sameField(key, a, b) && !(isUsual(key, a) && isUsual(key, b));

/** Settings that say nothing of a comparison, and those that say the most. */
const silent: ReadonlySet<FieldKey> = new Set(['rule', 'epochs']);
const telling: readonly FieldKey[] = ['rate', 'sparsity', 'expansion', 'seed', 'layers', 'dataset', 'batch'];
const spoken = [...new Set([...telling, ...fieldKeys])].filter((key) => !silent.has(key));

/** The settings that set a run apart from the present one. */
const keysOf = (run: Taught, present: Experiment): readonly FieldKey[] =>
  spoken.filter((key) => wasChanged(run, key) || differs(key, run.experiment, present));

/** What a run was taught by. */
type Taught = Pick<EarlierRun, 'experiment' | 'segments' | 'marks'>;

/** Whether a setting was changed on the way. What came with a rule that took over goes without saying. */
const wasChanged = ({ segments, marks }: Taught, key: FieldKey): boolean =>
  marks.some((mark) => mark.key === key && !segments.slice(1).some(({ step }) => step === mark.step));

/** A run's rules and these settings, up to so many: "FA, learning rate 0.02", or the values that one had in turn. */
function describe(run: Taught, keys: readonly FieldKey[], settings: number): string {
  const { experiment, segments, marks } = run;
  const shown = keys.slice(0, settings).map((key) => {
    if (!wasChanged(run, key)) return describeSetting(key, experiment);
    const before = marks.filter((mark) => mark.key === key).map((mark) => mark.before);
    return `${fieldOf(key).label.toLowerCase()} ${tellPath([...before, valueOf(key, experiment)])}`;
  });
  return [rulesOf(segments), ...shown, ...(keys.length > settings ? ['…'] : [])].join(', ');
}

/** An earlier run's rules and what else sets it apart from the present run. */
export const describeEarlier = (run: EarlierRun, present: Experiment, settings = 2): string =>
  describe(run, keysOf(run, present), settings);

/** The present run, by what sets the others apart from it. */
export function describePresent(present: Taught, earlier: readonly EarlierRun[], settings = 4): string {
  const others = new Set(earlier.flatMap((run) => keysOf(run, present.experiment)));
  return describe(
    present,
    spoken.filter((key) => others.has(key) || wasChanged(present, key)),
    settings,
  );
}

/** "0 → 0.9 → 0": a setting that is where it began has been elsewhere. Of many values the ends stand. */
const tellPath = (values: readonly string[]): string => {
  const turns = values.filter((value, i) => value !== values[i - 1]);
  return (turns.length > 4 ? [turns[0], '…', ...turns.slice(-1)] : turns).join(' → ');
};

/** The same in full, with what was changed on the way, and where it is from. */
export function tellEarlier(run: EarlierRun, present: Experiment): string {
  const changes = run.marks.map(({ step, label }) => `${label} from step ${step}`);
  const origin = run.file === null ? [] : [`opened from ${run.file}`];
  return [describeEarlier(run, present, Infinity), ...changes, ...origin].join('; ');
}
