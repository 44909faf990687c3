import { mkdirSync } from 'node:fs';
import { FaultError } from '../model/fault.ts';

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file of this name',
  ENOTDIR: 'a part of this path is a file',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'nothing can be written there',
  ENAMETOOLONG: 'its name is too long',
  ENOSPC: 'the disk is full',
};

/** Whether the system refused something: its message names the file, and a stack would add nothing. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

/** Makes a folder for results, and those around it. Throws a FaultError('invalid') that says why there cannot be one. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const reason = reasons[error.code ?? ''] ?? error.message;
    throw new FaultError('invalid', `There can be no folder ${path}: ${reason}. Choose another place with --out.`);
  }
}
