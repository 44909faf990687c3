import type { Fault } from '../model/fault.ts';
import type { Frame, Outcome } from '../workers/protocol.ts';
import type { Commands, Session, SessionEvents } from './session.ts';
import type { LabStore } from './store.ts';

/** What the page does at the news of its worker. */
interface Listener {
  readonly frame: (frame: Frame) => void;
  readonly death: (fault: Fault) => void;
}

/** The page's worker, of which there is one at a time: whatever an earlier one still says is not heard. */
export class Connection {
  private readonly connect: (events: SessionEvents) => Session;
  private readonly store: LabStore;
  private readonly listener: Listener;
  private session: Session | null = null;

  constructor(connect: (events: SessionEvents) => Session, store: LabStore, listener: Listener) {
    this.connect = connect;
    this.store = store;
    this.listener = listener;
  }

  /** Starts a worker in place of the one there was. */
  open(): void {
    this.session?.close();
    const session: Session = this.connect({
      frame: (frame) => {
        if (session === this.session) this.listener.frame(frame);
      },
      death: (fault) => {
        if (session === this.session) this.listener.death(fault);
      },
    });
    this.session = session;
  }

  /** The page has drawn a frame. */
  acknowledge(frame: number): void {
    this.session?.acknowledge(frame);
  }

  /** What came of a command; null where there is no worker any more that could tell. */
  async outcome<Value>(give: (commands: Commands) => Promise<Outcome<Value>>): Promise<Outcome<Value> | null> {
    const { session } = this;
    if (session === null) return null;
    const outcome = await give(session.commands);
    return session === this.session ? outcome : null;
  }

  /** The answer to a command, or null: then its fault is shown. */
  async ask<Value>(give: (commands: Commands) => Promise<Outcome<Value>>): Promise<{ readonly value: Value } | null> {
    const outcome = await this.outcome(give);
    if (outcome === null || outcome.ok) return outcome;
    this.store.setState({ fault: outcome.fault });
    return null;
  }
}
