import { afterEach, describe, expect, test } from 'vitest';
import { defaultExperiment } from '../model/fields.ts';
import type { Fault } from '../model/fault.ts';
import { openSession, type Session } from './session.ts';

/** A real worker that runs this script. */
const workerOf = (script: string) => () =>
  new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })), { type: 'module' });

let session: Session | null = null;
afterEach(() => session?.close());

function open(script: string): { session: Session; death: Promise<Fault> } {
  let opened: Session | null = null;
  const death = new Promise<Fault>((resolve) => {
    opened = openSession({ frame: () => undefined, death: resolve }, workerOf(script));
  });
  session = opened;
  return { session: opened as unknown as Session, death };
}

describe('a command answers with a fault', () => {
  test('when the worker throws while it starts', async () => {
    const { session, death } = open('throw new Error("no such kernel")');
    const outcome = await session.commands.start();
    expect(outcome.ok).toBe(false);
    expect((await death).detail).toContain('no such kernel');
  });

  test('when the worker is silent and is closed', async () => {
    const { session } = open('');
    const outcome = session.commands.load(defaultExperiment, 'seed');
    session.close();
    expect(await outcome).toMatchObject({ ok: false, fault: { kind: 'internal' } });
  });

  test('when the worker is already dead', async () => {
    const { session, death } = open('throw new Error("gone")');
    await death;
    expect(await session.commands.pause()).toMatchObject({ ok: false });
    expect(() => session.acknowledge(1)).not.toThrow();
  });

  test('when what is sent cannot be cloned', async () => {
    const { session } = open('onmessage = () => undefined');
    const change = { rate: (() => 1) as unknown as number };
    expect(await session.commands.tune(change)).toMatchObject({ ok: false, fault: { kind: 'internal' } });
  });
});

test('a worker that dies late is reported once, and its death is no error of the page', async () => {
  const deaths: Fault[] = [];
  const worker = workerOf('onmessage = () => { setTimeout(() => { throw new Error("first") }) }')();
  session = openSession({ frame: () => undefined, death: (fault) => deaths.push(fault) }, () => worker);
  expect(await session.commands.start()).toMatchObject({ ok: false });
  // A browser may have had the next one under way when the worker was ended.
  worker.dispatchEvent(new ErrorEvent('error', { message: 'second' }));
  worker.dispatchEvent(new MessageEvent('messageerror'));
  expect(deaths.map(({ detail }) => detail)).toEqual([expect.stringContaining('first')]);
});
