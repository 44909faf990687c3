import { FaultError } from '../fault.ts';
import type { Rule } from './rule.ts';

/** Phaseless alignment learning: the noise of ordinary activity teaches the feedback, without a phase of its own. */
export const pal: Rule = {
  id: 'pal',
  name: 'PAL',
  title: 'Phaseless alignment learning',
  sentence:
    'Every neuron is a little noisy, and the feedback learns, while the network works, how that noise comes out one layer up.',
  equations: [
    String.raw`e_{l} = B_{l,l+1}\, e_{l+1} \odot f'(z_l)`,
    String.raw`B \leftarrow (1-\lambda_B)\, B + \tfrac{\lambda_B}{\alpha \sigma^2}\, \langle \xi_l\, \hat r_{l+1}^{\top} \rangle, \qquad \hat r = r(z+\xi) - r(z)`,
  ],
  source: {
    authors: 'Max, Kriener, Pineda García, Nowotny, Jaras, Senn & Petrovici',
    year: 2024,
    title: 'Learning efficient backprojections across cortical hierarchies in real time',
    url: 'https://doi.org/10.1038/s42256-024-00845-3',
  },
  table: ['yes', 'yes', 'yes', 'partly', 'no', 'partly'],
  fields: ['mirrorRate', 'noise', 'alpha', 'outputAlpha'],
  defaults: { mirrorRate: 0.003, noise: 0.1 },
  feedback: (layer) => ({
    feedback: {
      form: 'kernel',
      symbol: 'B',
      channels: layer.outputs,
      init: { law: 'glorot', gain: 1 },
      role: 'estimated',
      mask: 'none',
    },
  }),
  perturbation: ({ noise }) => noise,
  back(p, { mirrorRate, noise, alpha, outputAlpha }) {
    p.send(p.feedback('feedback'), p.error);
    // Images carry no noise.
    if (p.first) return;
    if (!p.noise)
      throw new FaultError(
        'invalid',
        'PAL adds its noise before a ReLU, so it is defined only where every hidden layer has one right behind it: not with ' +
          'batch norm, residual blocks or linear hidden layers. Leave those out, or choose another rule.',
      );
    const scale = (p.hidden ? alpha : outputAlpha) * noise ** 2;
    p.estimate(p.feedback('feedback'), p.noise, p.fluctuation(), mirrorRate, mirrorRate / scale);
  },
  // The first layer sees images, which carry no noise: it has no pathway.
  compare: (c) => (c.first ? null : { back: c.feedback('feedback'), forward: c.weight }),
};
