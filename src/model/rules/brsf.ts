import { frsf } from './frsf.ts';
import type { Rule } from './rule.ts';

/** Batchwise random-magnitude sign-concordant feedback: other magnitudes at every step. */
export const brsf: Rule = {
  ...frsf,
  id: 'brsf',
  name: 'brSF',
  title: 'Sign-concordant feedback, redrawn magnitudes',
  sentence:
    'The feedback weights copy the signs of the forward weights; their magnitudes are drawn anew for every batch.',
  equations: [
    String.raw`e_{l} = \left(|M_t| \odot \mathrm{sign}(W_{l+1,l})\right)^{\top} e_{l+1} \odot f'(z_l), \qquad M_t \text{ redrawn}`,
  ],
  feedback(layer, experiment, classes) {
    const { feedback, M } = frsf.feedback(layer, experiment, classes);
    return { feedback: { ...feedback, symbol: '|Mₜ| sign W' }, M: { ...M, role: 'redrawn' } };
  },
};
