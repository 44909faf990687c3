import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Memory } from '../gpu/schedules.ts';

const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'feedback-lab');
const fileOf = (key: string): string => join(folder, encodeURIComponent(key));

/** A file for each text, in the user's cache. */
export const fileMemory: Memory = {
  get: (key) => readFile(fileOf(key), 'utf8'),
  async set(key, text) {
    await mkdir(folder, { recursive: true });
    await writeFile(fileOf(key), text);
  },
};
