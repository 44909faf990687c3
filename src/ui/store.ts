import { createStore } from 'zustand/vanilla';
import { printField } from '../model/codec.ts';
import type { DatasetShape } from '../model/datasets.ts';
import type { Experiment, FieldKey } from '../model/experiment.ts';
import { fieldKeys, fields } from '../model/fields.ts';
import type { Fault } from '../model/fault.ts';
import type { EarlierRun } from './charts/earlier.ts';
import type { Steps } from './charts/steps.ts';
import type { Turns } from './turns.ts';
import type { DeviceInfo, NetworkInfo, Status } from '../workers/protocol.ts';

/** Something the user should know and may close. */
export interface Notice {
  readonly id: number;
  readonly text: string;
}

/** Where a chart stands on the page, or what takes turns with it. */
export type Place = 'loss' | 'angle' | 'accuracy' | 'ratio';

/** How the charts are looked at. */
export interface View {
  readonly xUnit: 'step' | 'epoch';
  readonly logLoss: boolean;
  /** What is shown of the run; null for the whole, however far it is. */
  readonly steps: Steps | null;
  /** What stands in the place of the loss, of the angle, and of the accuracy. */
  readonly lossOf: 'loss' | 'way';
  readonly angleOf: 'angle' | 'update' | 'synapses';
  readonly accuracyOf: 'accuracy' | 'answers';
  /** What has the whole area of the charts to itself. */
  readonly enlarged: Place | null;
}

/** Everything that the page shows, except the curves (charts/history.ts): those come too often for React. */
export interface LabState {
  /** The settings as they stand in the page and in the URL. */
  readonly experiment: Experiment;
  /** The settings of the network that the worker holds, or null while it holds none. */
  readonly loaded: Experiment | null;
  readonly network: NetworkInfo | null;
  /** What the visitor's own images are like, or null while there are none. */
  readonly own: DatasetShape | null;
  /** The ids of the data sets that can be had; null while that is not known. */
  readonly datasets: readonly string[] | null;
  readonly device: DeviceInfo | null;
  readonly status: Status;
  /** What the newest test of the rule that teaches now found, and when; null before one. */
  readonly tested: { readonly accuracy: number; readonly step: number } | null;
  /** The step at which the run was last saved, or opened; 0 before. */
  readonly savedStep: number;
  /** Whether it is to train as soon as it can: Train was pressed, or what pauses it is under way. */
  readonly starting: boolean;
  readonly fault: Fault | null;
  readonly notices: readonly Notice[];
  /** Read out politely by a screen reader. */
  readonly announcement: string;
  /** Runs that others took the place of, to compare with; the latest last. */
  readonly earlier: readonly EarlierRun[];
  /** The number of the one that stands out. */
  readonly pointed: number | null;
  /** The rules that train one after the other; null while only one does. */
  readonly turns: Turns | null;
  readonly view: View;
  /** The step under the charts' common cursor, and the one that the mouse picks a stretch from. */
  readonly cursor: number | null;
  readonly anchor: number | null;
}

export const idle: Status = {
  phase: 'loading',
  activity: { text: 'Starting', share: null },
  fault: null,
  step: 0,
  totalSteps: 0,
  stepsPerEpoch: 0,
  stepsPerSecond: 0,
  imagesPerSecond: 0,
  eta: null,
  device: null,
};

export const createLabStore = (experiment: Experiment) =>
  createStore<LabState>()(() => ({
    experiment,
    loaded: null,
    network: null,
    own: null,
    datasets: null,
    device: null,
    status: idle,
    tested: null,
    savedStep: 0,
    starting: false,
    fault: null,
    notices: [],
    announcement: '',
    earlier: [],
    pointed: null,
    turns: null,
    view: {
      xUnit: 'step',
      logLoss: false,
      steps: null,
      lossOf: 'loss',
      angleOf: 'angle',
      accuracyOf: 'accuracy',
      enlarged: null,
    },
    cursor: null,
    anchor: null,
  }));

export type LabStore = ReturnType<typeof createLabStore>;

/** Whether two experiments print the same value of a field. */
export const sameField = (key: FieldKey, a: Experiment, b: Experiment): boolean =>
  printField(key, a[key]) === printField(key, b[key]);

/** The settings whose change waits for a restart. */
export const queued = (experiment: Experiment, loaded: Experiment | null): FieldKey[] =>
  loaded === null
    ? []
    : fieldKeys.filter((key) => fields[key].effect === 'restart' && !sameField(key, experiment, loaded));

/** Whether the run has gone so far that a restart would destroy something. */
export const hasBegun = (state: Pick<LabState, 'status' | 'loaded'>): boolean =>
  state.loaded !== null && state.status.step > 0;

export const isTraining = (state: Pick<LabState, 'status' | 'starting'>): boolean =>
  state.starting || state.status.phase === 'running';

/** Settings that the weights, or their place in the run, depend on: with one of these changed a run cannot go on. */
const fundamental: ReadonlySet<FieldKey> = new Set(['dataset', 'layers', 'batch', 'seed', 'replicas']);

/** Whether the queued changes leave the present weights usable, so that the run can go on under them. */
export const canGoOn = (keys: readonly FieldKey[]): boolean => !keys.some((key) => fundamental.has(key));
