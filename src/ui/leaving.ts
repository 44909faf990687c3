import type { EarlierShelf } from './charts/earlier-shelf.ts';
import type { LabState, LabStore } from './store.ts';

/** Whether the run has weights of more than an epoch of training that are in no file. */
export const wouldLose = ({ loaded, status, savedStep }: LabState): boolean =>
  loaded !== null && status.step - savedStep > status.stepsPerEpoch;

/**
 * Whether more than an epoch of training would be gone with the page: the run's, or, where they do not outlive it, that of the
 * runs kept to compare.
 */
export function leavingLoses(state: LabState, keepsEarlier: boolean): boolean {
  if (wouldLose(state)) return true;
  if (keepsEarlier) return false;
  const unsaved = state.earlier.filter(({ file }) => file === null);
  const epochs = unsaved.map(({ firstStep, lastStep, stepsPerEpoch }) => (lastStep - firstStep) / stepsPerEpoch);
  return epochs.reduce((sum, each) => sum + each, 0) > 1;
}

/** Has the browser ask before the page is closed with something that would be lost. */
export function askBeforeLeaving(store: LabStore, shelf: EarlierShelf): void {
  addEventListener('beforeunload', (event) => {
    if (leavingLoses(store.getState(), shelf.isSafe)) event.preventDefault();
  });
}
