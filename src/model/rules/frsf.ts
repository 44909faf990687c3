import type { Rule } from './rule.ts';
import { usf } from './usf.ts';

/** Fixed random-magnitude sign-concordant feedback: the signs of W, each with a random magnitude of its own. */
export const frsf: Rule = {
  ...usf,
  id: 'frsf',
  name: 'frSF',
  title: 'Sign-concordant feedback, fixed magnitudes',
  sentence: 'The feedback weights copy the signs of the forward weights; their magnitudes are random and stay.',
  equations: [
    String.raw`e_{l} = \left(|M| \odot \mathrm{sign}(W_{l+1,l})\right)^{\top} e_{l+1} \odot f'(z_l), \qquad \Delta M = 0`,
  ],
  feedback: (layer, experiment, classes) => ({
    feedback: { ...usf.feedback(layer, experiment, classes).feedback, symbol: '|M| sign W' },
    M: {
      form: 'kernel',
      channels: layer.outputs,
      init: { law: 'glorot', gain: 1 },
      role: 'fixed',
      mask: 'none',
      stream: 'magnitude',
    },
  }),
  refresh: (p) => p.follow(p.feedback('feedback'), p.feedback('M')),
};
