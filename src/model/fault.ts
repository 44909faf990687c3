/** What kind of thing went wrong, so that the page can say the right thing about it. */
export type FaultKind =
  | 'invalid'
  | 'too-big'
  | 'no-webgpu'
  | 'device-lost'
  | 'out-of-memory'
  | 'diverged'
  | 'data'
  | 'internal';

/**
 * Something that went wrong, as plain data: it crosses the worker's boundary intact, which an Error does not.
 * `text` says what is wrong and what to do about it; `detail` is for the curious (a stack, a driver's words).
 */
export interface Fault {
  readonly kind: FaultKind;
  readonly text: string;
  readonly detail?: string;
}

/** A `Fault` on its way up the stack. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
  readonly fault: Fault;

  constructor(kind: FaultKind, text: string, detail?: string) {
    super(text);
    this.fault = detail === undefined ? { kind, text } : { kind, text, detail };
  }
}

/** Whatever was thrown, as a fault; what nobody foresaw is `internal`. */
export function toFault(thrown: unknown): Fault {
  if (thrown instanceof FaultError) return thrown.fault;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return { kind: 'internal', text: error.message, detail: error.stack ?? '' };
}
