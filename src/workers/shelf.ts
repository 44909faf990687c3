import { FileFault, type Bytes } from '../data/bytes.ts';
import { fromIdx, parts, toIdx, type Dataset, type Part } from '../data/dataset.ts';
import { parseIdx, writeIdx, type IdxArray } from '../data/idx.ts';
import { sha256 } from '../data/sha256.ts';
import { isKnownId } from '../model/datasets.ts';

/** What is kept beside the four files of a data set. It is written last and at once: files that it does not name are none of it. */
interface Label {
  readonly name: string;
  readonly classes: number;
  readonly mean: number[];
  readonly std: number[];
  readonly digests: Partial<Record<Part, string>>;
  /** What the names of its files end in, so that they can be written beside those of an older one. */
  readonly version?: string;
}

const labelFile = 'label.json';
const fileOf = (part: Part, { version }: Pick<Label, 'version'>): string =>
  version === undefined ? part : `${part}.${version}`;

/** The data sets that a visitor brought, in this browser's own storage (the origin private file system). */
export class Shelf {
  /**
   * Keeps a data set under its id, in place of one of the same id, which stays until this one is whole. Rejects where the
   * browser has no room or no storage.
   */
  async put(dataset: Dataset): Promise<void> {
    const root = await folder();
    await inTurn(dataset.id, async () => {
      const place = await root.getDirectoryHandle(dataset.id, { create: true });
      // What a visit that ended too early has left takes room.
      await tidy(place);
      try {
        await write(place, dataset);
      } finally {
        if ((await tidy(place)) === null) await remove(root, dataset.id);
      }
    });
  }

  /** The ids of the data sets that are kept whole, as far as their labels tell. */
  async ids(): Promise<readonly string[]> {
    const root = await folder().catch(() => null);
    if (root === null) return [];
    const ids: string[] = [];
    for await (const [id, place] of root.entries())
      if (place.kind === 'directory' && (await readLabel(place)) !== null) ids.push(id);
    return ids;
  }

  /**
   * The data set of that id, every file checked; null when there is no whole one. One that was damaged is removed if the
   * site has it too, and else told of by a FileFault.
   */
  async get(id: string): Promise<Dataset | null> {
    const root = await folder().catch(() => null);
    if (root === null) return null;
    return inTurn(id, async () => {
      const place = await root.getDirectoryHandle(id).catch(() => null);
      const label = place && (await readLabel(place));
      if (!label) return null;
      try {
        return await readDataset(place, id, label);
      } catch {
        if (!isKnownId(id))
          throw new FileFault(
            'checksum',
            `The copy of “${label.name}” in this browser is damaged. Add it again: drop its folder or files on the page, or choose them under Files.`,
          );
        await remove(root, id);
        return null;
      }
    });
  }
}

/** Does what reads or writes a data set after what does so already, in this page or another. */
const inTurn = <Value>(id: string, work: () => Promise<Value>): Promise<Value> =>
  navigator.locks.request(`datasets/${id}`, work);

/** Writes the files of a data set, and then what makes them one. */
async function write(place: FileSystemDirectoryHandle, dataset: Dataset): Promise<void> {
  const version = crypto.randomUUID();
  const digests: Label['digests'] = {};
  for (const [part, array] of Object.entries(toIdx(dataset)) as [Part, IdxArray][]) {
    const bytes = writeIdx(array);
    digests[part] = await sha256(bytes);
    await writeFile(place, fileOf(part, { version }), bytes);
  }
  const { name, classes, mean, std } = dataset;
  const label: Label = { name, classes, mean, std, digests, version };
  await writeFile(place, labelFile, new TextEncoder().encode(JSON.stringify(label)));
}

async function readDataset(place: FileSystemDirectoryHandle, id: string, label: Label): Promise<Dataset> {
  const arrays = await Promise.all(
    parts.map(async (part) => {
      const bytes = await read(place, fileOf(part, label));
      if ((await sha256(bytes)) !== label.digests[part]) throw new Error(`${part} is damaged.`);
      return [part, parseIdx(part, bytes)] as const;
    }),
  );
  const { name, classes, mean, std } = label;
  return fromIdx(Object.fromEntries(arrays) as Record<Part, IdxArray>, { id, name, classes, mean, std });
}

/** Removes the files that the label does not name, and returns it. */
async function tidy(place: FileSystemDirectoryHandle): Promise<Label | null> {
  const label = await readLabel(place);
  const named = label === null ? [] : [labelFile, ...parts.map((part) => fileOf(part, label))];
  const names: string[] = [];
  for await (const name of place.keys()) if (!named.includes(name)) names.push(name);
  for (const name of names) await place.removeEntry(name).catch(() => undefined);
  return label;
}

/** What cannot be removed now is tidied up later. */
const remove = (root: FileSystemDirectoryHandle, id: string): Promise<void> =>
  root.removeEntry(id, { recursive: true }).catch(() => undefined);

/** Null where the page was closed, or the room ran out, before it was written. */
const readLabel = (place: FileSystemDirectoryHandle): Promise<Label | null> =>
  read(place, labelFile)
    .then((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as Label | null)
    .catch(() => null);

async function folder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle('datasets', { create: true });
}

async function writeFile(place: FileSystemDirectoryHandle, name: string, bytes: Bytes): Promise<void> {
  const file = await place.getFileHandle(name, { create: true });
  const stream = await file.createWritable();
  await stream.write(bytes);
  await stream.close();
}

async function read(place: FileSystemDirectoryHandle, name: string): Promise<Bytes> {
  const file = await (await place.getFileHandle(name)).getFile();
  return new Uint8Array(await file.arrayBuffer());
}
