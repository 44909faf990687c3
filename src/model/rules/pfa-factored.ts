import { pfa } from './pfa.ts';
import type { Rule } from './rule.ts';

/**
 * Product feedback alignment without ē and R (design.md section 7). R and W take the same updates but for W's going through
 * B, so their difference takes none and only decays: R = W B + c (R₀ - W₀ B) at every step, in this program's layout and c as
 * in algorithms.md section 8. Hence R ē = W G e + D e, where G = B Bᵀ and D = c (R₀ Bᵀ - W₀ G): the error filtered by G goes
 * back through W itself, beside a remainder that decays. The numbers are PFA's up to rounding; at expansion 10 a step takes a
 * quarter of the arithmetic. It holds for dense feedback and equal rates only. It goes on exactly where dense PFA stood; PFA after it
 * begins with another R, as only the path of the one that there would be is known.
 */
export const pfaf: Rule = {
  ...pfa,
  id: 'pfaf',
  name: 'PFA-f',
  title: 'Product feedback alignment, factored',
  sentence:
    'A shortcut to PFA’s numbers for dense feedback: no ē, and R only at the start; the error, filtered by BᵀB, goes back through W itself, beside a remainder D that decays. Not a model of the brain, but exact and much faster.',
  equations: [
    String.raw`e_{l} = \left(W_{l+1,l}^{\top}\, G\, e_{l+1} + D_l\, e_{l+1}\right) \odot f'(z_l), \qquad G = B^{\top} B`,
    String.raw`D_l(0) = R_{l,l}(0)\, B - W_{l+1,l}(0)^{\top} G, \qquad \Delta D = -w_d D`,
    String.raw`\text{equal to } e_{l} = R_{l,l}\, \overline{e}_{l} \odot f'(z_l) \text{ of PFA}`,
  ],
  table: null,
  equals: pfa,
  fields: ['expansion'],
  feedback(layer, experiment, classes) {
    const { B, R } = pfa.feedback(layer, experiment, classes);
    const { outputs } = layer;
    return {
      B: { ...B, mask: 'none' },
      // Where R would start, or where PFA has left it: only the beginning reads it.
      R0: { ...R, role: 'fixed', mask: 'none', continues: 'R' },
      G: { form: 'projection', channels: outputs, init: { law: 'none' }, role: 'derived', mask: 'none' },
      D: { form: 'kernel', channels: outputs, init: { law: 'none' }, role: 'learned', mask: 'none' },
    };
  },
  begin(b) {
    const [B, G] = [b.feedback('B'), b.feedback('G')];
    b.keep(G, b.path(B, B));
    b.keep(b.feedback('D'), b.path(B, b.feedback('R0')), b.filter(b.weight, G));
  },
  back(p) {
    if (!p.first) {
      p.send(p.weight, p.project(p.feedback('G'), p.error));
      p.send(p.feedback('D'), p.error);
    }
    p.decay(p.feedback('D'));
  },
  compare: (c) => ({ back: c.sum(c.filter(c.weight, c.feedback('G')), c.feedback('D')), forward: c.weight }),
};
