import type { DeviceKind } from '../workers/protocol.ts';

/** What a visitor has chosen, for the next visit. Storage may be forbidden: then it lasts as long as the page. */
class Choice {
  private readonly key: string;
  private kept: string | null = null;

  constructor(name: string) {
    this.key = `feedback-lab.${name}`;
  }

  get value(): string | null {
    if (this.kept !== null) return this.kept;
    try {
      return localStorage.getItem(this.key);
    } catch {
      return null;
    }
  }

  set value(value: string) {
    this.kept = value;
    try {
      localStorage.setItem(this.key, value);
    } catch {
      // Forbidden, or full.
    }
  }
}

/** 'light' or 'dark'. */
export const themeChoice = new Choice('theme');
/** What to train on. */
export const deviceChoice = new Choice('device');
/** 'read' once the visitor has put the introduction away. */
export const introduction = new Choice('introduction');
/** 'off' where single keys do nothing. */
export const keysChoice = new Choice('keys');
/** The reason for having no WebGPU that the visitor has read and does not want to be told of again. */
export const knownProblem = new Choice('known-problem');

/** What the visitor last chose to train on, or WebGPU. */
export const chosenDevice = (): DeviceKind => (deviceChoice.value === 'cpu' ? 'cpu' : 'webgpu');
