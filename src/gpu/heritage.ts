import type { Network } from './network.ts';
import { tensorsOf, type Parameter } from './parameter.ts';
import type { Numbers } from './tensor.ts';

const sameLaw = (a: Parameter, b: Parameter): boolean =>
  JSON.stringify([a.init, a.bound]) === JSON.stringify([b.init, b.bound]);

/**
 * What a network that goes on under another rule takes over from a snapshot of the one before: everything but the tensors
 * whose initial law differs. PFA's B cannot serve as the B of PFA-o, even where it has the same size.
 */
export function heritage(snapshot: ReadonlyMap<string, Numbers>, from: Network, to: Network): Map<string, Numbers> {
  const before = new Map(from.parameters.map((parameter) => [parameter.name, parameter]));
  const taken = new Map(snapshot);
  for (const parameter of to.parameters) {
    const known = before.get(parameter.name) ?? before.get(parameter.continues ?? '');
    if (!known) continue;
    if (!sameLaw(known, parameter)) {
      for (const { name } of tensorsOf(parameter)) taken.delete(name);
      continue;
    }
    for (const suffix of ['', '.velocity']) {
      const numbers = snapshot.get(known.name + suffix);
      if (numbers) taken.set(parameter.name + suffix, numbers);
    }
    // Feedback that is never cut goes on with the dense tensor from before the cut.
    const uncut = parameter.sparse ? undefined : snapshot.get(known.sparse?.full?.name ?? '');
    if (uncut) taken.set(parameter.name, uncut);
    // A rule without a dense tensor behind its feedback hands on only the feedback: without this, the freshly drawn dense
    // tensor would replace it at the next cut.
    const value = taken.get(parameter.name);
    const full = parameter.sparse?.full;
    if (full && value && !taken.has(full.name)) taken.set(full.name, value);
  }
  return taken;
}
