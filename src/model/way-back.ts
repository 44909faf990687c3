import type { Experiment } from './experiment.ts';
import type { Comparison, FeedbackSpec, Pathway, Rule } from './rules/rule.ts';
import type { Shape, WeightShape } from './shape.ts';

/** A tensor that the error passes on its way back through a layer. */
export interface Passage {
  /** What the rule's equations call it. */
  readonly symbol: string;
  /** What it is: the forward weight itself, or feedback that stays, learns, only decays, follows from others, or is redrawn. */
  readonly nature: 'forward' | 'fixed' | 'learns' | 'decays' | 'derived' | 'redrawn';
  /** Of the error behind it. */
  readonly shape: Shape;
}

/** One way of the error through a layer, to the layer's input. */
export interface Route {
  /** Whether it sets out from the layer's own output, or from the output of the whole network. */
  readonly from: 'layer' | 'network';
  readonly passages: readonly Passage[];
}

/** An error under way: where it set out, and the names of the tensors that it has passed. */
interface Errand {
  readonly from: Route['from'];
  readonly passed: readonly string[];
}

/** A name that no feedback tensor has. */
const forward = '';

/**
 * The ways that a rule's error takes through a hidden layer: what its `back` does, done with names in place of tensors. So a
 * picture of a rule needs to know nothing of it.
 */
export function wayBack(rule: Rule, layer: WeightShape, experiment: Experiment, classes: number): Route[] {
  const specs = rule.feedback(layer, experiment, classes);
  const sent: Errand[] = [];
  const taught = new Set<string>();
  const decayed = new Set<string>();
  const unheard = (): void => undefined;
  const pathway: Pathway<string, Errand> = {
    weight: forward,
    error: { from: 'layer', passed: [] },
    outputError: () => ({ from: 'network', passed: [] }),
    feedback: (name) => name,
    project: (projection, { from, passed }) => ({ from, passed: [...passed, projection] }),
    send: (kernel, { from, passed }) => void sent.push({ from, passed: [...passed, kernel] }),
    learn: (kernel) => void taught.add(kernel),
    estimate: (kernel) => void taught.add(kernel),
    decay: (kernel) => void decayed.add(kernel),
    follow: unheard,
    mix: unheard,
    path: (projection) => projection,
    first: false,
    hidden: true,
    noise: { from: 'layer', passed: [] },
    fluctuation: () => ({ from: 'layer', passed: [] }),
  };
  rule.back(pathway, experiment);

  const natureOf = (name: string, { role }: FeedbackSpec): Passage['nature'] => {
    // What is estimated may be taught in a phase of its own.
    if (role === 'estimated' || taught.has(name)) return 'learns';
    return role === 'learned' ? (decayed.has(name) ? 'decays' : 'fixed') : role;
  };
  const passageOf = (name: string): Passage => {
    if (name === forward) return { symbol: 'W', nature: 'forward', shape: layer.input };
    const spec = specs[name];
    const shape = spec.form === 'projection' ? { ...layer.output, channels: spec.channels } : layer.input;
    return { symbol: spec.symbol ?? name, nature: natureOf(name, spec), shape };
  };
  return sent.map(({ from, passed }) => ({ from, passages: passed.map(passageOf) }));
}

/** Whether the error goes back through the forward weight alone, as in backpropagation. */
export const isExact = (routes: readonly Route[]): boolean =>
  routes.length === 1 &&
  routes.every(({ from, passages }) => from === 'layer' && passages.every(({ nature }) => nature === 'forward'));

/** What a rule's way back through a hidden layer is compared with: the layer's weight, or the product of all weights from it on. */
export function comparedWith(rule: Rule): 'weight' | 'chain' | null {
  const comparison: Comparison<'weight' | 'chain' | 'other'> = {
    weight: 'weight',
    chain: () => 'chain',
    feedback: () => 'other',
    path: () => 'other',
    filter: () => 'other',
    sum: () => 'other',
    explicit: () => 'other',
    first: false,
  };
  const forward = rule.compare(comparison)?.forward;
  return forward === 'weight' || forward === 'chain' ? forward : null;
}
