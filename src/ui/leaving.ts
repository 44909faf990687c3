import type { LabState, LabStore } from './store.ts';

/** Whether more than an epoch of training would be gone with the page: of the run since it was saved, or of those kept to compare. */
export function wouldLose({ loaded, status, savedStep, earlier }: LabState): boolean {
  if (loaded !== null && status.step - savedStep > status.stepsPerEpoch) return true;
  const epochs = earlier.map(({ firstStep, lastStep, stepsPerEpoch }) => (lastStep - firstStep) / stepsPerEpoch);
  return epochs.reduce((sum, each) => sum + each, 0) > 1;
}

/** Has the browser ask before the page is closed with something that would be lost. */
export function askBeforeLeaving(store: LabStore): void {
  addEventListener('beforeunload', (event) => {
    if (wouldLose(store.getState())) event.preventDefault();
  });
}
