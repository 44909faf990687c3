import type { Bytes } from '../data/bytes.ts';
import type { Curves } from '../model/curves.ts';
import type { Experiment } from '../model/experiment.ts';
import { defaultsFor } from '../model/fields.ts';
import { parseNetwork } from '../model/network.ts';
import { Lab } from './lab.ts';
import type { Frame, Outcome, Saved } from './protocol.ts';

/** A lab and the page's end of its port, in one thread: the real worker code on the real device and the real MNIST. */
export async function openLab(): Promise<{ lab: Lab; frames: Frame[]; close: () => void }> {
  const { port1, port2 } = new MessageChannel();
  const frames: Frame[] = [];
  port1.addEventListener('message', (event: MessageEvent<Frame>) => {
    frames.push(event.data);
    port1.postMessage(event.data.number);
  });
  port1.start();
  const lab = new Lab();
  valueOf(await lab.open(port2, location.origin, 'webgpu'));
  return { lab, frames, close: () => port1.close() };
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.fault.text}\n${outcome.fault.detail ?? ''}`);
  return outcome.value;
}

/** The run as it stands, as a file. */
export async function saved(lab: Lab, curves: Curves | null = null): Promise<Saved> {
  valueOf(await lab.copy());
  return valueOf(await lab.save(curves));
}

export const small = (rule: string, change: Partial<Experiment> = {}): Experiment => ({
  ...defaultsFor(rule),
  layers: parseNetwork('24-16'),
  ...change,
});

/** All frames so far, once the port has been emptied. */
export const settled = async (frames: Frame[]): Promise<Frame[]> => {
  let seen = -1;
  while (seen !== frames.length) {
    seen = frames.length;
    await new Promise((resume) => setTimeout(resume, 100));
  }
  return frames;
};

/** A run of 15 steps: its checkpoint after 10 of them, and at the end. */
export async function trainStraight(lab: Lab): Promise<{ bytes: Bytes; straight: Saved }> {
  valueOf(await lab.load(small('pfa', { seed: 4 }), 'seed'));
  valueOf(await lab.step(10));
  const bytes = Uint8Array.from((await saved(lab)).bytes);
  valueOf(await lab.step(5));
  return { bytes, straight: await saved(lab) };
}
