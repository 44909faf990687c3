import { parseExperiment, printExperiment } from '../../model/codec.ts';
import { areOf, isSegment, shapeOf } from '../../model/curves.ts';
import type { Lab } from '../lab.ts';
import type { EarlierRun } from './earlier.ts';
import { History } from './history.ts';

/** The form of what is kept. Whoever changes it raises this, and what was kept in another form is dropped. */
const form = 1;
const place = 'earlier';

/** What there is to be kept of a run: all else follows from its curves. */
export type Keepsake = Pick<
  EarlierRun,
  'time' | 'shown' | 'shade' | 'file' | 'experiment' | 'stepsPerEpoch' | 'curves'
>;

/** A run as it is kept. */
type Kept = Omit<Keepsake, 'experiment'> & { readonly experiment: ReturnType<typeof printExperiment> };

/** What a visit before has kept; it gets its number from the page. */
export type KeptRun = Omit<EarlierRun, 'number'>;

/** The earlier runs, in this browser's own storage. Where that is forbidden or full they last as long as the page. */
export class EarlierShelf {
  /** Whether all that was put here will be there on the next visit: not before the storage has answered. */
  isSafe = false;
  private readonly database: Promise<IDBDatabase>;

  /** `name` is there for tests. */
  constructor(name = 'feedback-lab') {
    this.database = open(name);
    this.database.then(
      () => (this.isSafe = true),
      () => (this.isSafe = false),
    );
  }

  /** The runs that were kept, the latest last; what cannot be read is dropped. */
  async all(): Promise<readonly KeptRun[]> {
    const found: KeptRun[] = [];
    await this.use((store) => {
      const request = store.openCursor();
      request.addEventListener('success', () => {
        const { result: cursor } = request;
        if (cursor === null) return;
        const run = restored(cursor.value as Kept);
        if (run === null) cursor.delete();
        else found.push(run);
        cursor.continue();
      });
    });
    return found;
  }

  /** Keeps these runs in place of those. */
  async exchange(before: readonly Keepsake[], now: readonly Keepsake[]): Promise<void> {
    await this.use((store) => {
      for (const run of now)
        if (!before.some(({ time, shown }) => time === run.time && shown === run.shown)) store.put(toKeep(run));
      for (const { time } of before) if (!now.some((run) => run.time === time)) store.delete(time);
      // Now, for the page may be closing.
      store.transaction.commit();
    });
  }

  private async use(act: (store: IDBObjectStore) => void): Promise<void> {
    try {
      const transaction = (await this.database).transaction(place, 'readwrite');
      const done = new Promise((resolve, reject) => {
        transaction.addEventListener('complete', resolve);
        transaction.addEventListener('abort', () => reject(new Error(transaction.error?.message ?? 'It was stopped.')));
      });
      act(transaction.objectStore(place));
      await done;
    } catch {
      this.isSafe = false;
    }
  }
}

/**
 * Has the page compare with the runs of the visits before, and keeps its own for the next: the present one too, as it stands
 * whenever it comes to rest or nobody looks, which is the last that a page hears before it is closed, reloaded or thrown away.
 */
export async function keepEarlier(shelf: EarlierShelf, { store, run }: Pick<Lab, 'store' | 'run'>): Promise<void> {
  let last: Keepsake | null = null;
  const keepPresent = (): void => {
    const present = run.keepsake();
    if (present === null) return;
    const { earlier } = store.getState();
    // A run whose curves another one has is not among the earlier ones.
    const stays = last === null || [present, ...earlier].some(({ time }) => time === last?.time);
    void shelf.exchange(last === null || stays ? [] : [last], [present]);
    last = present;
  };
  addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') keepPresent();
  });
  const found = await shelf.all();
  run.recall(found);
  void shelf.exchange(found, store.getState().earlier);
  store.subscribe(({ earlier, status }, before) => {
    if (earlier !== before.earlier) void shelf.exchange(before.earlier, earlier);
    if (status.phase !== 'running' && before.status.phase === 'running') keepPresent();
  });
}

const open = (name: string): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name, form);
    request.addEventListener('upgradeneeded', () => {
      const { result: database } = request;
      if (database.objectStoreNames.contains(place)) database.deleteObjectStore(place);
      database.createObjectStore(place, { keyPath: 'time' satisfies keyof Kept });
    });
    request.addEventListener('success', () => {
      const { result: database } = request;
      // A page of a newer form waits for this one to let go.
      database.addEventListener('versionchange', () => database.close());
      resolve(database);
    });
    request.addEventListener('error', () => reject(new Error(request.error?.message)));
  });

const toKeep = ({ time, shown, shade, file, experiment, stepsPerEpoch, curves }: Keepsake): Kept => ({
  time,
  shown,
  shade,
  file,
  stepsPerEpoch,
  curves,
  experiment: printExperiment(experiment),
});

/** A run from what is kept of it; null where that is none that this page knows to read. */
function restored(kept: Kept): KeptRun | null {
  try {
    const { time, shown, shade, file, stepsPerEpoch, curves } = kept;
    const { experiment, notices } = parseExperiment(kept.experiment);
    const { layers } = shapeOf(curves.tables);
    if (notices.length > 0 || !Number.isInteger(layers) || !areOf(curves, experiment.replicas, layers)) return null;
    if (!curves.segments.every(isSegment)) return null;
    return { ...History.of(curves).asEarlier(experiment, stepsPerEpoch), time, shown, shade, file };
  } catch {
    return null;
  }
}
