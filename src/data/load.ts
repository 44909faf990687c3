import { type Bytes, count, FileFault, readAll } from './bytes.ts';
import { type Dataset, fromIdx, type Part } from './dataset.ts';
import { inflate, isGzip } from './gzip.ts';
import { type IdxArray, parseIdx } from './idx.ts';
import { type Digest, type Manifest, type ManifestFile, maxManifestBytes, parseManifest } from './manifest.ts';
import { sha256 } from './sha256.ts';

const again = 'Check the connection and reload; on a site of your own, run: npm run datasets';

/** Gets a file of the site by its path, like `datasets/MANIFEST.json`. Rejects when it is not there. */
export type FetchBytes = (path: string) => Promise<ReadableStream<Uint8Array> | ArrayBuffer>;

/** What a caller of `loadDataset` may add. */
interface LoadOptions {
  onProgress?: (progress: Progress) => void;
  /** How the visitor of this page, or the user of this terminal, brings a data set that is not there. */
  remedy?: string;
}

/** Bytes of the files of the data set, as the manifest counts them. */
export interface Progress {
  loaded: number;
  total: number;
}

/**
 * Loads a data set that `npm run datasets` has put beside the page, every file checked against the manifest.
 * @throws FileFault when the set is not there, or a file is not what the manifest says
 */
export async function loadDataset(
  id: string,
  fetchBytes: FetchBytes,
  { onProgress, remedy = 'Drop its files on the page to add it.' }: LoadOptions = {},
): Promise<Dataset> {
  const manifest = await loadManifest(fetchBytes);
  const entry = manifest.get(id);
  if (!entry) {
    const present = [...manifest.keys()].join(', ') || 'none';
    throw new FileFault(
      'missing',
      `There is no data set “${id}” on this site (there is: ${present}). ${remedy} The operator of a site adds it with: npm run datasets -- ${id}`,
    );
  }
  const total = Object.values(entry.files).reduce((sum, file) => sum + file.bytes, 0);
  let loaded = 0;
  const advance = (bytes: number): void => {
    loaded += bytes;
    onProgress?.({ loaded, total });
  };
  const load = (part: Part): Promise<IdxArray> => loadFile(entry.files[part], fetchBytes, advance);
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all([
    load('trainImages'),
    load('trainLabels'),
    load('testImages'),
    load('testLabels'),
  ]);
  const { name, classes, mean, std } = entry;
  return fromIdx({ trainImages, trainLabels, testImages, testLabels }, { id, name, classes, mean, std });
}

/** What `npm run datasets` has put beside the page. Throws a FileFault where that cannot be read. */
export async function loadManifest(fetchBytes: FetchBytes): Promise<Manifest> {
  const bytes = await get('datasets/MANIFEST.json', fetchBytes, maxManifestBytes);
  return parseManifest(new TextDecoder().decode(bytes));
}

async function loadFile(
  file: ManifestFile,
  fetchBytes: FetchBytes,
  advance: (bytes: number) => void,
): Promise<IdxArray> {
  const name = `datasets/${file.path}`;
  let promised: Digest | undefined;
  const bytes = await get(name, fetchBytes, Math.max(file.bytes, file.content.bytes), (chunk) => {
    // Many servers (Vite's too) send a .gz with `Content-Encoding: gzip`: the browser has then inflated it already.
    promised ??= isGzip(chunk) ? file : file.content;
    advance((chunk.length * file.bytes) / promised.bytes);
  });
  await verify(name, bytes, isGzip(bytes) ? file : file.content);
  return parseIdx(name, await inflate(name, bytes, file.content.bytes));
}

async function get(
  name: string,
  fetchBytes: FetchBytes,
  maxBytes: number,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<Bytes> {
  try {
    const body = await fetchBytes(name);
    return await readAll(name, body instanceof ArrayBuffer ? new Blob([body]).stream() : body, maxBytes, onChunk);
  } catch (error) {
    if (error instanceof FileFault) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FileFault('missing', `${name} could not be loaded (${reason}). ${again}`);
  }
}

async function verify(name: string, bytes: Bytes, promised: Digest): Promise<void> {
  if (bytes.length !== promised.bytes) {
    throw new FileFault(
      'checksum',
      `${name} has ${count(bytes.length)} bytes instead of ${count(promised.bytes)}. ${again}`,
      Math.min(bytes.length, promised.bytes),
    );
  }
  // Where there is no SHA-256, the length and gzip's own CRC-32 have to do.
  const actual = await sha256(bytes);
  if (actual !== undefined && actual !== promised.sha256) {
    throw new FileFault('checksum', `${name} is not the file that the manifest promises (SHA-256 differs). ${again}`);
  }
}
