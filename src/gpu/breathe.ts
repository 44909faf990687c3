/**
 * Lets waiting messages be heard, by whoever computes for long on this thread. A message of one's own is not held up for 4 ms,
 * as a nested timer is.
 */
export const breathe = (): Promise<void> =>
  new Promise((resume) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resume();
    });
    port1.start();
    port2.postMessage(null);
  });
