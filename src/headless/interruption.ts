/** npm hands a Ctrl-C on to a program that has already had it from the terminal. */
const echo = 1000;

/** A wish to stop, from Ctrl-C or from a cluster's engine. */
export interface Interruption {
  /** The exit status that the signal stands for, or null while there was none. */
  readonly status: number | null;
  /** Hears signals no longer. */
  release(): void;
}

/** Listens for SIGINT and SIGTERM. The first asks to stop at the next step; a later one ends the program at once. */
export function listen(): Interruption {
  let status: number | null = null;
  let first = 0;
  const heard = (status_: number) => (): void => {
    if (status === null) {
      status = status_;
      first = performance.now();
    } else if (performance.now() - first > echo) process.exit(status);
  };
  const [interrupt, terminate] = [heard(130), heard(143)];
  process.on('SIGINT', interrupt).on('SIGTERM', terminate);
  return {
    get status() {
      return status;
    },
    release: () => void process.off('SIGINT', interrupt).off('SIGTERM', terminate),
  };
}
