import type { Rule } from './rule.ts';

/** Kolen-Pollack: both directions take the same updates and forget their difference by weight decay. */
export const kp: Rule = {
  id: 'kp',
  name: 'KP',
  title: 'Kolen–Pollack',
  sentence:
    'Forward and feedback weights receive the same updates, so weight decay makes them forget how they differed.',
  equations: [
    String.raw`e_{l} = B_{l,l+1}\, e_{l+1} \odot f'(z_l)`,
    String.raw`\Delta W = \eta\, e_{l+1} x_l^{\top} - w_d W, \qquad \Delta B = \eta\, x_l e_{l+1}^{\top} - w_d B`,
    String.raw`\eta\text{: learning rate}, \; w_d\text{: weight decay}`,
  ],
  source: {
    authors: 'Akrout, Wilson, Humphreys, Lillicrap & Tweed',
    year: 2019,
    title: 'Deep learning without weight transport',
    url: 'https://arxiv.org/abs/1904.05391',
  },
  table: ['yes', 'yes', 'yes', 'no', 'yes', 'yes'],
  fields: [],
  defaults: { earlyDecay: 0.03 },
  feedback: (layer) => ({
    feedback: {
      form: 'kernel',
      symbol: 'B',
      channels: layer.outputs,
      init: { law: 'glorot', gain: 1 },
      role: 'learned',
      mask: 'none',
    },
  }),
  back(p) {
    p.send(p.feedback('feedback'), p.error);
    p.learn(p.feedback('feedback'), p.error);
  },
  compare: (c) => ({ back: c.feedback('feedback'), forward: c.weight }),
};
