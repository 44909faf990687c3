/** A job in memory: tiles that any thread may take. The description of what they compute lies behind it, at `task`. */
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
/** Address of the description of a job's tiles. It has cache lines of its own, because the counters change all the time. */
export let task: usize = 0;
let job: usize = 0;

/** How often a helper looks for the next job before it sleeps: this takes about as long as waking it would. */
const patience = 20_000;

/** Tells this thread, before anything else, where all threads' jobs are, and where its own scratch memory is. */
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
  // Spins, because a page's thread may not sleep. At most one tile of each helper is left to wait for.
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
    // Whoever offers a job counts the sleepers only afterwards. A helper that is not counted yet sees the job and does not wait.
    atomic.add<i32>(job, 1, offsetof<Job>('asleep'));
    atomic.wait<i32>(job + offsetof<Job>('waiting'), 0, -1);
    atomic.sub<i32>(job, 1, offsetof<Job>('asleep'));
  }
}

/** Takes tiles as long as there are any, of whatever job: a job cannot end before every tile taken from it is done. */
function work(): void {
  while (true) {
    const waiting = atomic.load<i32>(job, offsetof<Job>('waiting'));
    if (waiting === 0) return;
    if (atomic.cmpxchg<i32>(job, waiting, waiting - 1, offsetof<Job>('waiting')) !== waiting) continue;
    call_indirect<void>(load<i32>(job, offsetof<Job>('tile')), waiting - 1);
    atomic.sub<i32>(job, 1, offsetof<Job>('unfinished'));
  }
}
