import { printBytes } from '../model/bytes.ts';
import { FaultError } from '../model/fault.ts';
import { bytesOf, type Tensor } from './tensor.ts';

/** What to do where a network is too large for a GPU. */
export const remedy = 'Take a smaller layer, batch, expansion or fewer seeds.';

/** Throws a FaultError('too-big') where a tensor takes more bytes than a GPU binds at once. */
export function refuseTooBig(tensor: Tensor, bindableBytes: number, advice = remedy): void {
  const bytes = bytesOf([tensor]);
  if (bytes <= bindableBytes) return;
  throw new FaultError(
    'too-big',
    `${tensor.name} takes ${printBytes(bytes)}, but this GPU binds at most ${printBytes(bindableBytes)} at once. ${advice}`,
  );
}

/** Throws a FaultError('too-big') where a read takes more bytes than a buffer holds. */
export function refuseTooMuch(bytes: number, bufferBytes: number): void {
  if (bytes <= bufferBytes) return;
  const text = `This takes ${printBytes(bytes)} to read, but a buffer of this GPU holds at most ${printBytes(bufferBytes)}. ${remedy}`;
  throw new FaultError('too-big', text);
}
