import { Toast } from '@base-ui/react/toast';
import type { LabStore } from './store.ts';

/** More would push the page away. */
const mostNotices = 3;

/** What the page tells: notices, which stay until they are closed, toasts, which leave by themselves, and words for the ear. */
export class Notices {
  readonly toasts = Toast.createToastManager();
  private readonly store: LabStore;
  /** The notice about the address, or the file, whose settings are on show. */
  private ofSettings: number | null = null;
  private count = 0;

  constructor(store: LabStore) {
    this.store = store;
  }

  /** Tells what was found at once in one notice, whose number it returns, if any; of many the latest stay. */
  readonly notify = (texts: readonly string[]): number | null => {
    if (texts.length === 0) return null;
    const notice = { id: ++this.count, text: texts.join(' ') };
    this.store.setState({ notices: [...this.store.getState().notices, notice].slice(-mostNotices) });
    return notice.id;
  };

  /** Tells what is wrong with an address or a file of settings, in place of what was told of the one before. */
  readonly notifyOfSettings = (texts: readonly string[]): void => {
    if (this.ofSettings !== null) this.dismiss(this.ofSettings);
    this.ofSettings = this.notify(texts);
  };

  readonly dismiss = (id: number): void =>
    this.store.setState({ notices: this.store.getState().notices.filter((notice) => notice.id !== id) });

  /** Returns the way to take it back. */
  readonly toast = (description: string): (() => void) => {
    const id = this.toasts.add({ description });
    return () => this.toasts.close(id);
  };

  readonly announce = (announcement: string): void => this.store.setState({ announcement });
}
