import type { DeviceKind } from '../workers/protocol.ts';

const key = 'feedback-lab.device';

/** What the visitor last chose to train on. */
export function chosenDevice(): DeviceKind {
  try {
    return localStorage.getItem(key) === 'cpu' ? 'cpu' : 'webgpu';
  } catch {
    // Storage may be forbidden; then the choice lasts as long as the page.
    return 'webgpu';
  }
}

export function keepDevice(kind: DeviceKind): void {
  try {
    localStorage.setItem(key, kind);
  } catch {
    // Not kept, then.
  }
}
