import type { FaultKind } from '../model/fault.ts';
import { withRule } from '../model/presets.ts';
import { ruleOf } from '../model/rules/index.ts';
import type { Lab } from './lab.ts';
import type { LabState, LabStore } from './store.ts';

/** Rules that train one after the other, to be compared. */
export interface Turns {
  readonly rules: readonly string[];
  /** Which of them trains now. */
  readonly at: number;
}

type Trains = Pick<Lab, 'store' | 'notices' | 'trainAnew' | 'draft'>;

/** Whether a run goes no further by itself: done, or with no number for a loss. */
const isOver = ({ status: { phase, fault } }: LabState): boolean =>
  phase === 'finished' || (phase === 'fault' && fault?.kind === 'diverged');

/** Faults that another rule need not have. */
const ofTheRule: ReadonlySet<FaultKind> = new Set(['invalid', 'too-big']);

/**
 * Has rules train one after the other: each from the seed, the network and the epochs on show, and with what is recommended for it
 * where nothing else was chosen. The run before stays on the charts, as any does. Whoever trains another rule in between ends it.
 */
export class TurnTaking {
  private readonly lab: Trains;
  /** While one rule makes way for the next. */
  private turning = false;

  constructor(lab: Trains) {
    this.lab = lab;
    this.store.subscribe((state, before) => {
      const { turns, loaded } = state;
      if (turns === null || this.turning) return;
      if (loaded !== before.loaded && loaded?.rule !== turns.rules[turns.at]) this.end();
      else if (isOver(state) && !isOver(before)) void this.next();
    });
  }

  private get store(): LabStore {
    return this.lab.store;
  }

  /** Trains these rules, by their ids, in place of the present run. */
  readonly begin = async (rules: readonly string[]): Promise<void> => {
    this.store.setState({ turns: { rules, at: -1 } });
    await this.next();
  };

  /** The next rule's turn; after the last, and where nobody takes turns any more, there is none. */
  readonly next = async (): Promise<void> => {
    if (this.turning) return;
    this.turning = true;
    try {
      // A short run may be over before it is known to have started.
      while (this.advance()) if ((await this.train()) && !isOver(this.store.getState())) break;
    } finally {
      this.turning = false;
    }
  };

  /** The rule that trains goes on alone. */
  readonly end = (): void => this.store.setState({ turns: null });

  /** Goes to the next rule. False where there is none. */
  private advance(): boolean {
    const { turns } = this.store.getState();
    const at = (turns?.at ?? 0) + 1;
    if (turns === null || at >= turns.rules.length) {
      this.end();
      return false;
    }
    this.store.setState({ turns: { ...turns, at } });
    return true;
  }

  /** Trains the rule whose turn it is. False where it does not train on this network, which is told. */
  private async train(): Promise<boolean> {
    const { turns, experiment } = this.store.getState();
    if (turns === null) return false;
    const rule = turns.rules[turns.at];
    if (await this.lab.trainAnew(withRule(experiment, rule))) return true;
    const { fault } = this.store.getState();
    if (fault === null || !ofTheRule.has(fault.kind)) this.end();
    else {
      this.lab.notices.notify([`${ruleOf(rule).name} was left out: ${fault.text}`]);
      this.lab.draft.discard();
    }
    return false;
  }
}
