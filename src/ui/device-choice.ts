import type { DeviceKind } from '../workers/protocol.ts';

const key = 'feedback-lab.device';

/** Storage may be forbidden; then the choice lasts as long as the page. */
let kept: string | null = null;

function stored(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return kept;
  }
}

/** What the visitor last chose to train on, or WebGPU. */
export const chosenDevice = (): DeviceKind => (stored() === 'cpu' ? 'cpu' : 'webgpu');

/** Whether the visitor ever chose. */
export const hasChosenDevice = (): boolean => stored() !== null;

export function keepDevice(kind: DeviceKind): void {
  kept = kind;
  try {
    localStorage.setItem(key, kind);
  } catch {
    // Then it is in `kept`.
  }
}
