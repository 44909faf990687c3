/** How a contest is held. */
export interface Contest {
  /** Turns of each contestant. */
  readonly rounds: number;
  /** About how long a turn takes, in milliseconds. */
  readonly turn: number;
  /** Names of those who take part; all of them if left out. */
  readonly only?: readonly string[];
}

/** What came of one contestant. */
export interface ContestRow {
  readonly name: string;
  /** Steps of a turn. */
  steps: number;
  /** Milliseconds a step, one number a turn. */
  readonly times: number[];
  /** Milliseconds from nothing to the end of the first step. */
  start: number;
  /** The loss at the last checked step. */
  loss: number;
  /** Why it does not take part. */
  problem: string | null;
}

/** What came of one kernel. */
export interface KernelRow {
  readonly name: string;
  /** The best of a dispatch. */
  readonly milliseconds: number;
  /** GFLOP/s, or GB/s of a copy. */
  readonly rate: number;
}
