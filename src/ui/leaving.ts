import type { LabStore } from './store.ts';

/** Has the browser ask before a run that took more than an epoch, and is not saved, is closed with its page. */
export function askBeforeLeaving(store: LabStore): void {
  addEventListener('beforeunload', (event) => {
    const { loaded, status, savedStep } = store.getState();
    if (loaded !== null && status.step - savedStep > status.stepsPerEpoch) event.preventDefault();
  });
}
