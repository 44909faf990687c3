import { glorotDeviation } from '../shape.ts';
import type { Rule } from './rule.ts';

/** Uniform sign-concordant feedback: the signs of W, all with one magnitude. */
export const usf: Rule = {
  id: 'usf',
  name: 'SF',
  title: 'Sign-concordant feedback',
  sentence: 'The feedback weights copy only the signs of the forward weights; every magnitude is the same.',
  equations: [
    String.raw`e_{l} = s\,\mathrm{sign}(W_{l+1,l})^{\top}\, e_{l+1} \odot f'(z_l), \qquad s = \sqrt{\tfrac{2}{n_\mathrm{in}+n_\mathrm{out}}}`,
  ],
  source: {
    authors: 'Liao, Leibo & Poggio',
    year: 2016,
    title: 'How important is weight symmetry in backpropagation?',
    url: 'https://arxiv.org/abs/1510.05067',
  },
  table: ['no', 'yes', 'unclear', 'partly', 'no', 'partly'],
  fields: ['sparsity'],
  defaults: {},
  feedback: (layer) => ({
    feedback: {
      form: 'kernel',
      symbol: 'sign W',
      channels: layer.outputs,
      init: { law: 'none' },
      role: 'derived',
      mask: 'plain',
    },
  }),
  refresh: (p, layer) => p.follow(p.feedback('feedback'), glorotDeviation(layer)),
  back: (p) => p.send(p.feedback('feedback'), p.error),
  compare: (c) => ({ back: c.feedback('feedback'), forward: c.weight }),
};
