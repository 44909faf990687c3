import { FileFault, type Bytes } from '../data/bytes.ts';
import { fromIdx, parts, toIdx, type Dataset, type Part } from '../data/dataset.ts';
import { parseIdx, writeIdx, type IdxArray } from '../data/idx.ts';
import { sha256 } from '../data/sha256.ts';

/** What is kept beside the four files of a data set. It is written last: a set without it was never finished. */
interface Label {
  readonly name: string;
  readonly classes: number;
  readonly mean: number[];
  readonly std: number[];
  readonly digests: Partial<Record<Part, string>>;
}

const labelFile = 'label.json';

/** The data sets that a visitor brought, in this browser's own storage (the origin private file system). */
export class Shelf {
  /** Keeps a data set under its id, in place of one of the same id. Rejects where the browser has no room or no storage. */
  async put(dataset: Dataset): Promise<void> {
    const root = await folder();
    const clear = (): Promise<void> => root.removeEntry(dataset.id, { recursive: true }).catch(() => undefined);
    await clear();
    try {
      const place = await root.getDirectoryHandle(dataset.id, { create: true });
      const digests: Label['digests'] = {};
      for (const [part, array] of Object.entries(toIdx(dataset)) as [Part, IdxArray][]) {
        const bytes = writeIdx(array);
        digests[part] = await sha256(bytes);
        await write(place, part, bytes);
      }
      const { name, classes, mean, std } = dataset;
      const label: Label = { name, classes, mean, std, digests };
      await write(place, labelFile, new TextEncoder().encode(JSON.stringify(label)));
    } catch (thrown) {
      await clear();
      throw thrown;
    }
  }

  /** The data set of that id, every file checked; null when there is no whole one. Throws a FileFault when it was damaged. */
  async get(id: string): Promise<Dataset | null> {
    const place = await folder()
      .then((root) => root.getDirectoryHandle(id))
      .catch(() => null);
    const label = place && (await readLabel(place));
    if (!label) return null;
    const arrays = await Promise.all(
      parts.map(async (part) => {
        const bytes = await read(place, part);
        if ((await sha256(bytes)) !== label.digests[part])
          throw new FileFault(
            'checksum',
            `The copy of ${label.name} in this browser is damaged. Drop its files here again.`,
          );
        return [part, parseIdx(part, bytes)] as const;
      }),
    );
    return fromIdx(Object.fromEntries(arrays) as Record<Part, IdxArray>, { id, ...label });
  }
}

/** Null where the page was closed, or the room ran out, before it was written. */
const readLabel = (place: FileSystemDirectoryHandle): Promise<Label | null> =>
  read(place, labelFile)
    .then((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as Label)
    .catch(() => null);

async function folder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle('datasets', { create: true });
}

async function write(place: FileSystemDirectoryHandle, name: string, bytes: Bytes): Promise<void> {
  const file = await place.getFileHandle(name, { create: true });
  const stream = await file.createWritable();
  await stream.write(bytes);
  await stream.close();
}

async function read(place: FileSystemDirectoryHandle, name: string): Promise<Bytes> {
  const file = await (await place.getFileHandle(name)).getFile();
  return new Uint8Array(await file.arrayBuffer());
}
