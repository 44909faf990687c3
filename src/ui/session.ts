import { transfer, wrap, type Remote } from 'comlink';
import { tableNames, type Curves } from '../model/curves.ts';
import { Ending } from '../model/ending.ts';
import { toFault, type Fault } from '../model/fault.ts';
import type { DeviceKind, Frame, LabApi, Outcome } from '../workers/protocol.ts';

/** The worker's commands as the page gives them. Every one of them answers, if need be with a fault: none hangs, none throws. */
export type Commands = Omit<LabApi, 'open' | 'copy' | 'save'> & {
  open(device: DeviceKind): ReturnType<LabApi['open']>;
  /** The run as a file. Its curves are asked for when they reach the step that is saved. */
  save(curves: () => Curves): ReturnType<LabApi['save']>;
};

/** The one connection between the page and its training worker. */
export interface Session {
  readonly commands: Commands;
  /** Tells the worker that a frame was drawn, so that it sends the next one. */
  acknowledge(frame: number): void;
  /** Ends the worker. Commands under way answer with a fault. */
  close(): void;
}

export interface SessionEvents {
  /** News of the run. */
  frame(frame: Frame): void;
  /** The worker died: it answers nothing any more. */
  death(fault: Fault): void;
}

const labWorker = (): Worker => new Worker(new URL('../workers/lab.worker.ts', import.meta.url), { type: 'module' });

/** comlink 4.4.2 drops the pending calls of a proxy that is collected and leaks on release: so every proxy is kept for good. */
const kept: Remote<LabApi>[] = [];

/** Starts a worker and connects to it. `makeWorker` is there for tests that need one that fails. */
export function openSession(events: SessionEvents, makeWorker: () => Worker = labWorker): Session {
  const worker = makeWorker();
  const remote = wrap<LabApi>(worker);
  kept.push(remote);
  const { port1, port2 } = new MessageChannel();
  const death = new Ending<Outcome<never>>();
  let open = true;

  const failure = (fault: Fault): Outcome<never> => ({ ok: false, fault });
  const end = (fault: Fault): void => {
    open = false;
    worker.terminate();
    port1.close();
    death.come(failure(fault));
  };
  const fail = (text: string, detail: string): void => {
    if (!open) return;
    const fault: Fault = { kind: 'internal', text, detail };
    end(fault);
    events.death(fault);
  };
  worker.addEventListener('error', (event) => {
    // Otherwise the browser reports the same error a second time, as the page's own.
    event.preventDefault();
    fail('The training worker stopped. The run is lost; the settings are kept.', describe(event));
  });
  const unreadable = (): void =>
    fail(
      'The training worker sent something that this page cannot read.',
      'messageerror: a message could not be cloned',
    );
  worker.addEventListener('messageerror', unreadable);
  port1.addEventListener('messageerror', unreadable);
  port1.addEventListener('message', (event: MessageEvent<Frame>) => events.frame(event.data));
  port1.start();

  /** Whichever comes first: the answer, a failure of the call itself, or the worker's death. */
  const answer = async <Value>(call: Promise<Outcome<Value>>): Promise<Outcome<Value>> =>
    death.before(call.catch((thrown: unknown) => failure(toFault(thrown))));

  return {
    commands: {
      open: (device) => answer(remote.open(transfer(port2, [port2]), document.baseURI, device)),
      move: (device) => answer(remote.move(device)),
      load: (experiment, from) => answer(remote.load(experiment, from)),
      start: () => answer(remote.start()),
      pause: () => answer(remote.pause()),
      step: (batches) => answer(remote.step(batches)),
      tune: (change) => answer(remote.tune(change)),
      save: async (curvesOf) => {
        const copied = await answer(remote.copy());
        if (!copied.ok) return copied;
        const curves = curvesOf();
        return answer(remote.save(transfer(curves, buffersOf(curves))));
      },
      resume: (file) => answer(remote.resume(transfer(file, [file.bytes.buffer]))),
      addDataset: (files) =>
        answer(
          remote.addDataset(
            transfer(
              [...files],
              files.map(({ bytes }) => bytes.buffer),
            ),
          ),
        ),
      datasets: () => answer(remote.datasets()),
      synapses: (layer) => answer(remote.synapses(layer)),
      answers: () => answer(remote.answers()),
    },
    acknowledge: (frame) => {
      if (open) port1.postMessage(frame);
    },
    close: () => end({ kind: 'internal', text: 'The lab was restarted.' }),
  };
}

/** What goes to the worker without a copy. */
const buffersOf = ({ tables }: Curves): ArrayBuffer[] => tableNames.map((name) => tables[name].numbers.buffer);

/** A worker whose script cannot be loaded sends a bare Event without a message. */
function describe(event: ErrorEvent): string {
  if (!event.message) return 'The worker’s script could not be loaded or started.';
  return `${event.message}\n${event.filename}:${event.lineno}`;
}
