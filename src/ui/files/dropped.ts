import { FaultError } from '../../model/fault.ts';

/** What a drop brings, as far as it is read here. */
export type Drop = Pick<DataTransfer, 'files'> & {
  readonly items: Iterable<Pick<DataTransferItem, 'webkitGetAsEntry'>>;
};

/**
 * The files that were dropped, those within folders included, which know their path as in a folder that was chosen. Call it
 * while the drop is handled: afterwards the browser has forgotten it. Throws a FaultError('data') where they cannot be read.
 */
export async function filesOf({ items, files }: Drop): Promise<readonly File[]> {
  // Not every browser has entries, and not every drop: files that a program made have none.
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (entries.length === 0) return [...files];
  const found: File[] = [];
  for (const entry of entries) for await (const file of walk(entry)) found.push(file);
  if (found.length === 0)
    throw new FaultError('data', 'There are no files in what was dropped. Drop a folder of images.');
  return found;
}

/** The files of an entry, folder by folder. */
async function* walk(entry: FileSystemEntry): AsyncGenerator<File> {
  if (!entry.isDirectory) {
    yield await fileOf(entry as FileSystemFileEntry);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A folder tells of 100 entries at most at a time, and of none at its end.
    const batch = await answer<readonly FileSystemEntry[]>(entry, (done, fail) => reader.readEntries(done, fail));
    if (batch.length === 0) return;
    for (const inner of batch) yield* walk(inner);
  }
}

async function fileOf(entry: FileSystemFileEntry): Promise<File> {
  const file = await answer<File>(entry, (done, fail) => entry.file(done, fail));
  const path = entry.fullPath.replace(/^\//, '');
  // What was dropped by itself is in no folder.
  return path.includes('/') ? Object.defineProperty(file, 'webkitRelativePath', { value: path }) : file;
}

/** Waits for what an entry answers. */
const answer = <Value>(
  { name }: FileSystemEntry,
  ask: (done: (value: Value) => void, fail: (error: DOMException) => void) => void,
): Promise<Value> =>
  new Promise((resolve, reject) =>
    ask(resolve, (error) =>
      reject(
        new FaultError('data', `${name} could not be read. Drop it again, or choose it under Files.`, error.message),
      ),
    ),
  );
