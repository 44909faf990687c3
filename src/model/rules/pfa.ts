import type { Experiment } from '../experiment.ts';
import type { WeightShape } from '../shape.ts';
import type { Init, Rule } from './rule.ts';

/** Nm: the units of the intermediate error population (algorithms.md section 1). */
const intermediate = (layer: WeightShape, { expansion }: Experiment): number => Math.round(expansion * layer.outputs);

/** B and R of one layer; the two variants of the rule differ only in how B is drawn. */
const tensors = (channels: number, init: Init, mask: 'plain' | 'rescaled') =>
  ({
    B: { form: 'projection', channels, init, role: 'fixed', mask, stream: 'projection' },
    R: {
      form: 'kernel',
      channels,
      init: { law: 'glorot', gain: 1 },
      role: 'learned',
      mask: 'plain',
      stream: 'remainder',
    },
  }) as const;

/** Product feedback alignment: a fixed B and a learned R, of which only the product aligns with W (eqs 4-6 of the paper). */
export const pfa: Rule = {
  id: 'pfa',
  name: 'PFA',
  title: 'Product feedback alignment',
  sentence:
    'The error passes through a fixed matrix B and a learned one, R; neither mirrors W, but their product comes to mirror it.',
  equations: [
    String.raw`\overline{e}_{l} = B_{l,l+1}\, e_{l+1}, \qquad e_{l} = R_{l,l}\, \overline{e}_{l} \odot f'(z_l)`,
    String.raw`\Delta R = \eta\, x_l \overline{e}_l^{\top} - w_d R, \qquad \Delta B = 0`,
    String.raw`\eta\text{: learning rate}, \; w_d\text{: weight decay}`,
  ],
  source: {
    authors: 'Li & Benna',
    year: 2024,
    title: 'Deep learning without weight symmetry',
    url: 'https://arxiv.org/abs/2405.20594',
  },
  table: ['yes', 'yes', 'yes', 'yes', 'yes', 'yes'],
  fields: ['expansion', 'sparsity'],
  defaults: { expansion: 10, earlyDecay: 0.03 },
  feedback(layer, experiment) {
    const channels = intermediate(layer, experiment);
    // The gain makes the variance exactly 1/Nm, so that E[B Bᵀ] = I (algorithms.md section 4).
    return tensors(channels, { law: 'glorot', gain: Math.sqrt((1 + layer.outputs / channels) / 2) }, 'rescaled');
  },
  back(p) {
    const projected = p.project(p.feedback('B'), p.error);
    p.send(p.feedback('R'), projected);
    p.learn(p.feedback('R'), projected);
  },
  compare: (c) => ({ back: c.path(c.feedback('B'), c.feedback('R')), forward: c.weight }),
};

/** PFA with an orthonormal B: the product aligns with W without a residual angle. */
export const pfao: Rule = {
  ...pfa,
  id: 'pfao',
  name: 'PFA-o',
  title: 'Product feedback alignment, orthogonal B',
  sentence: 'As PFA, but the fixed matrix B is orthogonal, so the product of R and B can align with W completely.',
  equations: [...pfa.equations, String.raw`B^{\top} B = I`],
  defaults: { expansion: 1, earlyDecay: 0.03 },
  feedback: (layer, experiment) => tensors(intermediate(layer, experiment), { law: 'orthogonal' }, 'rescaled'),
};
