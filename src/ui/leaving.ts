import type { LabState, LabStore } from './store.ts';

/** Whether the run has weights of more than an epoch of training that are in no file. */
export const wouldLose = ({ loaded, status, savedStep }: LabState): boolean =>
  loaded !== null && status.step - savedStep > status.stepsPerEpoch;

/** Has the browser ask before a run that took more than an epoch, and is not saved, is closed with its page. */
export function askBeforeLeaving(store: LabStore): void {
  addEventListener('beforeunload', (event) => {
    if (wouldLose(store.getState())) event.preventDefault();
  });
}
