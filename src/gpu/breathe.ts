/**
 * Lets this thread handle waiting messages in the middle of a long computation. It waits for a message of its own, because
 * a nested timer would be held up for 4 ms.
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
