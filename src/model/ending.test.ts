import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Ending } from './ending.ts';

/** Collects all that nobody holds. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** A look at something that only `ending` could still hold, once it has come. */
async function wait(ending: Ending<string>): Promise<WeakRef<object>> {
  const result = await ending.before(Promise.resolve({ numbers: [1, 2, 3] }));
  return new WeakRef(result as object);
}

test('what came before the end is not kept for as long as it does not come', async () => {
  const ending = new Ending<string>();
  const result = await wait(ending);
  // What has been looked at is held until the turn ends.
  await new Promise((resume) => setTimeout(resume));
  collect();
  expect(result.deref()).toBeUndefined();
  ending.come('over');
});

test('whoever waits gets what is left at the end, and a failure that comes too late is nobody’s', async () => {
  const ending = new Ending<string>();
  let fail: (error: Error) => void = () => undefined;
  const late = new Promise<number>((_, reject) => {
    fail = reject;
  });
  const waiting = [ending.before(new Promise(() => {})), ending.before(late)];
  ending.come('over');
  ending.come('over again');
  fail(new Error('late'));
  expect(await Promise.all(waiting)).toEqual(['over', 'over']);
  expect(await ending.before(Promise.reject(new Error('later')))).toBe('over');
});

test('work settles as it does while there is no end', async () => {
  const ending = new Ending<string>();
  expect(await ending.before(Promise.resolve(3))).toBe(3);
  await expect(ending.before(Promise.reject(new Error('no')))).rejects.toThrow('no');
});
