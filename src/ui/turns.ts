import type { FaultKind } from '../model/fault.ts';
import { withRule } from '../model/presets.ts';
import { ruleOf } from '../model/rules/index.ts';
import type { Lab } from './lab.ts';
import type { LabState, LabStore } from './store.ts';

/** Rules that train one after the other, to be compared. */
export interface Turns {
  readonly rules: readonly string[];
  readonly epochs: number;
  /** Which of the rules trains now. */
  readonly at: number;
}

type Trains = Pick<Lab, 'store' | 'notices' | 'trainAnew' | 'draft'>;

/** Whether a run goes no further by itself: done, or with no number for a loss. */
const isOver = ({ status: { phase, fault } }: LabState): boolean =>
  phase === 'finished' || (phase === 'fault' && fault?.kind === 'diverged');

/** Faults that another rule need not have. */
const ofTheRule: ReadonlySet<FaultKind> = new Set(['invalid', 'too-big']);

/**
 * Has rules train one after the other: each from the seed and the network on show, and with what is recommended for it where
 * nothing else was chosen. The run before stays on the charts, as any does. Whoever trains another rule in between ends it.
 */
export class TurnTaking {
  private readonly lab: Trains;
  /** The turn whose network is there. */
  private begun: Turns | null = null;

  constructor(lab: Trains) {
    this.lab = lab;
    this.store.subscribe((state, before) => {
      const { turns, loaded } = state;
      if (turns === null || turns !== this.begun) return;
      if (loaded !== before.loaded && loaded?.rule !== turns.rules[turns.at]) this.end();
      else if (isOver(state) && !isOver(before)) void this.next();
    });
  }

  private get store(): LabStore {
    return this.lab.store;
  }

  /** Trains these rules, by their ids, in place of the present run. */
  readonly begin = (rules: readonly string[], epochs: number): Promise<void> => this.take({ rules, epochs, at: 0 });

  /** The next rule's turn; after the last nobody takes turns any more. */
  readonly next = async (): Promise<void> => {
    const { turns } = this.store.getState();
    if (turns !== null) await this.take({ ...turns, at: turns.at + 1 });
  };

  /** The rule that trains goes on alone. */
  readonly end = (): void => this.store.setState({ turns: null });

  /** Trains the rule whose turn it is; one that does not train on this network is told of, and gives its turn away. */
  private async take(turns: Turns): Promise<void> {
    if (turns.at >= turns.rules.length) return this.end();
    const rule = turns.rules[turns.at];
    this.store.setState({ turns });
    const trains = await this.lab.trainAnew({
      ...withRule(this.store.getState().experiment, rule),
      epochs: turns.epochs,
    });
    const state = this.store.getState();
    // Nobody waits for this turn any more.
    if (state.turns !== turns) return;
    if (!trains) return this.leaveOut(rule);
    this.begun = turns;
    // A short run may be over before it is known to have started.
    if (isOver(state)) await this.next();
  }

  private async leaveOut(rule: string): Promise<void> {
    const { fault } = this.store.getState();
    if (fault === null || !ofTheRule.has(fault.kind)) return this.end();
    this.lab.notices.notify([`${ruleOf(rule).name} was left out: ${fault.text}`]);
    this.lab.draft.discard();
    await this.next();
  }
}
