import { FileFault } from '../data/bytes.ts';
import type { Dataset } from '../data/dataset.ts';
import { datasetFromFiles, type NamedFile } from '../data/files.ts';
import { type FetchBytes, loadDataset, loadManifest } from '../data/load.ts';
import { datasetFromPictures, isPicture } from './pictures.ts';
import { isKnownId, knownDatasets, ownDataset } from '../model/datasets.ts';
import type { AddedDataset } from './protocol.ts';
import { Shelf } from './shelf.ts';

/** The data sets that experiments can name: those the visitor brought, and those beside the page. */
export class Library {
  readonly #present = new Map<string, Dataset>();
  readonly #shelf = new Shelf();
  readonly #fetch: FetchBytes;

  /** `site`: the address that the data sets lie beside. */
  constructor(site: string) {
    this.#fetch = (path) => fetchFile(new URL(path, site));
  }

  /**
   * The data set of that id, from memory, from this browser's storage, or from the site. `onProgress` hears the share
   * that is there. Throws a FileFault when there is none, or it is damaged.
   */
  async get(id: string, onProgress: (share: number) => void): Promise<Dataset> {
    const known = this.#present.get(id) ?? (await this.#shelf.get(id));
    if (!known && id === ownDataset.id)
      throw new FileFault(
        'missing',
        'There are no images of yours in this browser. Drop a folder of images or the files of a data set on the page, or add them under Files.',
      );
    const dataset =
      known ??
      (await loadDataset(id, this.#fetch, {
        onProgress: ({ loaded, total }) => onProgress(loaded / total),
      }));
    this.#present.set(id, dataset);
    return dataset;
  }

  /** The ids of all data sets that can be had here. Throws a FileFault where the site cannot be asked. */
  async ids(): Promise<readonly string[]> {
    const [site, shelf] = await Promise.all([loadManifest(this.#fetch), this.#shelf.ids()]);
    return [...new Set([...site.keys(), ...shelf, ...this.#present.keys()])];
  }

  /** Reads the files of a data set, or a folder of pictures, and keeps it. Throws a FileFault when they are none. */
  async add(files: readonly NamedFile[]): Promise<AddedDataset> {
    const read = files.some(({ name }) => isPicture(name)) ? datasetFromPictures : datasetFromFiles;
    const dataset = named(await read(files));
    this.#present.set(dataset.id, dataset);
    const kept = await this.#shelf.put(dataset).then(
      () => true,
      // No room, or no storage at all in a private window: it serves until the page is closed.
      () => false,
    );
    const { id, name, train, test, classes, shape } = dataset;
    return { id, name, train: train.count, test: test.count, classes, shape, kept };
  }
}

/** A part of a known data set may not stand in for the whole in every experiment to come: it goes by the visitor's own. */
function named(dataset: Dataset): Dataset {
  const { id, train, test } = dataset;
  if (!isKnownId(id)) return dataset;
  const { name, images } = knownDatasets[id];
  const whole = train.count === images.train && test.count === images.test;
  return whole ? dataset : { ...dataset, id: ownDataset.id, name: `A part of ${name}` };
}

async function fetchFile(url: URL): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
  return response.body;
}
