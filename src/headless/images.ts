import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FileFault } from '../data/bytes.ts';
import type { Dataset } from '../data/dataset.ts';
import { datasetFromFiles, isDatasetFile } from '../data/files.ts';
import { loadDataset } from '../data/load.ts';
import { ownDataset } from '../model/datasets.ts';

const site = new URL('../../public/', import.meta.url);

/**
 * The images of the folder `folder`, or those of the site's data set `id` that `npm run datasets` has made.
 * @throws FileFault when there is no whole data set
 */
export async function loadImages(id: string, folder: string | undefined): Promise<Dataset> {
  if (folder === undefined) {
    if (id === ownDataset.id)
      throw new FileFault('missing', 'Images of your own lie in a folder of yours. Say which: --data DIR');
    return loadDataset(id, async (path) => new Uint8Array(await readFile(new URL(path, site))).buffer, {
      remedy: 'Give the folder of its files: --data DIR.',
    });
  }
  const names = await readdir(folder).catch((error: Error) => {
    throw new FileFault('missing', `The folder of images cannot be read: ${error.message}. Correct --data.`);
  });
  const files = names.filter(isDatasetFile).map(async (name) => {
    return { name, bytes: new Uint8Array(await readFile(join(folder, name))) };
  });
  if (files.length > 0) return datasetFromFiles(await Promise.all(files));
  throw new FileFault(
    'missing',
    `${resolve(folder)} holds no images. Put the four IDX files there, raw or .gz: train-images…, train-labels…, ` +
      't10k-images…, t10k-labels…',
  );
}
