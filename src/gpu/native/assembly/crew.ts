/** A job in memory: tiles that any thread may take. What they compute is said behind it, at `task`. */
@unmanaged
class Job {
  /** Tiles that nobody has taken yet; they are taken from the last to the first. */
  waiting: i32 = 0;
  /** Tiles that are not done yet. */
  unfinished: i32 = 0;
  /** Helpers that have to be woken. */
  asleep: i32 = 0;
  /** The function that computes a tile. */
  tile: i32 = 0;
}

/** This thread's scratch memory. */
export let scratch: usize = 0;
/** Where a job says what its tiles compute: on cache lines of its own, as the counters change all the time. */
export let task: usize = 0;
let job: usize = 0;

/** How often a helper looks for the next job before it sleeps: for about as long as waking it takes. */
const patience = 20_000;

/** Tells this thread, before anything else, where the jobs of all are and where it alone may write. */
export function join(jobs: usize, own: usize): void {
  job = jobs;
  task = jobs + 64;
  scratch = own;
}

/** Computes the tiles of a job, each on whichever thread is free, and returns when all are done. */
export function share(tile: (index: i32) => void, tiles: i32, small: bool): void {
  if (!ASC_FEATURE_THREADS || small) {
    for (let index = 0; index < tiles; index++) tile(index);
    return;
  }
  const at = offsetof<Job>('waiting');
  store<i32>(job, tile.index, offsetof<Job>('tile'));
  atomic.store<i32>(job, tiles, offsetof<Job>('unfinished'));
  // From here on helpers may take tiles.
  atomic.store<i32>(job, tiles, at);
  if (atomic.load<i32>(job, offsetof<Job>('asleep')) > 0) atomic.notify(job + at, -1);
  work();
  // A page may not sleep, and what is left is less than a tile of each helper.
  while (atomic.load<i32>(job, offsetof<Job>('unfinished')) > 0);
}

/** A helper's life: it ends with its worker. */
export function help(): void {
  if (!ASC_FEATURE_THREADS) return;
  while (true) {
    work();
    let looks = patience;
    while (looks > 0 && atomic.load<i32>(job, offsetof<Job>('waiting')) === 0) looks--;
    if (looks > 0) continue;
    // Whoever offers a job counts the sleepers after he has offered it, so one who counts himself late sees the job.
    atomic.add<i32>(job, 1, offsetof<Job>('asleep'));
    atomic.wait<i32>(job + offsetof<Job>('waiting'), 0, -1);
    atomic.sub<i32>(job, 1, offsetof<Job>('asleep'));
  }
}

/** Takes tiles as long as there are any. Whatever job they are of: it cannot end before the tile that was taken. */
function work(): void {
  while (true) {
    const waiting = atomic.load<i32>(job, offsetof<Job>('waiting'));
    if (waiting === 0) return;
    if (atomic.cmpxchg<i32>(job, waiting, waiting - 1, offsetof<Job>('waiting')) !== waiting) continue;
    call_indirect<void>(load<i32>(job, offsetof<Job>('tile')), waiting - 1);
    atomic.sub<i32>(job, 1, offsetof<Job>('unfinished'));
  }
}
