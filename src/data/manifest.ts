import type { DatasetMeta } from '../model/datasets.ts';
import { FileFault } from './bytes.ts';
import type { Part } from './dataset.ts';

/** Length and SHA-256 (hexadecimal) of some bytes. */
export interface Digest {
  bytes: number;
  sha256: string;
}

/** A gzip file beside the manifest, and what is in it. */
export interface ManifestFile extends Digest {
  /** Relative to the folder of the manifest: `mnist/train-images-idx3-ubyte.gz`. */
  path: string;
  content: Digest;
}

/** What `datasets/MANIFEST.json` says of one data set. */
export interface ManifestEntry extends DatasetMeta {
  /** Where the files were taken from. */
  source: string;
  files: Record<Part, ManifestFile>;
}

export type Manifest = Map<string, ManifestEntry>;

/** Larger than any manifest: what may be read of one. */
export const maxManifestBytes = 2 ** 20;

const remedy = 'Make the data sets again with: npm run datasets';

/** Reads the text of a manifest: `{"datasets": {id: entry}}`. */
export function parseManifest(text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new FileFault('malformed', `datasets/MANIFEST.json is not JSON. ${remedy}`);
  }
  const datasets = fields(fields(json, 'the file').get('datasets'), 'datasets');
  return new Map([...datasets].map(([id, entry]) => [id, parseEntry(entry, id)]));
}

export function writeManifest(manifest: Manifest): string {
  return `${JSON.stringify({ datasets: Object.fromEntries(manifest) }, null, 2)}\n`;
}

function parseEntry(json: unknown, at: string): ManifestEntry {
  const entry = fields(json, at);
  const shape = fields(entry.get('shape'), `${at}.shape`);
  const files = fields(entry.get('files'), `${at}.files`);
  const file = (part: Part): ManifestFile => parseFile(files.get(part), `${at}.files.${part}`);
  return {
    name: string(entry.get('name'), `${at}.name`),
    licence: string(entry.get('licence'), `${at}.licence`),
    source: string(entry.get('source'), `${at}.source`),
    shape: {
      height: size(shape.get('height'), `${at}.shape.height`),
      width: size(shape.get('width'), `${at}.shape.width`),
      channels: size(shape.get('channels'), `${at}.shape.channels`),
    },
    classes: size(entry.get('classes'), `${at}.classes`),
    mean: numbers(entry.get('mean'), `${at}.mean`),
    std: numbers(entry.get('std'), `${at}.std`),
    files: {
      trainImages: file('trainImages'),
      trainLabels: file('trainLabels'),
      testImages: file('testImages'),
      testLabels: file('testLabels'),
    },
  };
}

function parseFile(json: unknown, at: string): ManifestFile {
  const file = fields(json, at);
  return {
    path: string(file.get('path'), `${at}.path`, /^[a-z0-9-]+\/[a-z0-9-]+\.gz$/),
    ...digest(file, at),
    content: digest(fields(file.get('content'), `${at}.content`), `${at}.content`),
  };
}

function digest(file: ReadonlyMap<string, unknown>, at: string): Digest {
  return {
    bytes: size(file.get('bytes'), `${at}.bytes`),
    sha256: string(file.get('sha256'), `${at}.sha256`, /^[0-9a-f]{64}$/),
  };
}

function fields(json: unknown, at: string): Map<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrong(at, 'an object');
  return new Map(Object.entries(json));
}

function string(json: unknown, at: string, pattern = /^/): string {
  if (typeof json !== 'string' || !pattern.test(json)) throw wrong(at, `a text like ${pattern.source}`);
  return json;
}

function size(json: unknown, at: string): number {
  if (!Number.isSafeInteger(json) || (json as number) < 1) throw wrong(at, 'a whole number above 0');
  return json as number;
}

function numbers(json: unknown, at: string): number[] {
  if (!Array.isArray(json) || !json.every((value) => Number.isFinite(value))) throw wrong(at, 'a list of numbers');
  return json as number[];
}

function wrong(at: string, what: string): FileFault {
  return new FileFault('malformed', `In datasets/MANIFEST.json ${at} is not ${what}. ${remedy}`);
}
