import type { Rule } from './rule.ts';

/** Feedback alignment: a fixed random matrix in place of the mirror. */
export const fa: Rule = {
  id: 'fa',
  name: 'FA',
  title: 'Feedback alignment',
  sentence: 'The error travels back through fixed random weights, and the forward weights slowly turn towards them.',
  equations: [String.raw`e_{l} = B_{l,l+1}\, e_{l+1} \odot f'(z_l), \qquad \Delta B = 0`],
  source: {
    authors: 'Lillicrap, Cownden, Tweed & Akerman',
    year: 2016,
    title: 'Random synaptic feedback weights support error backpropagation for deep learning',
    url: 'https://doi.org/10.1038/ncomms13276',
  },
  table: ['yes', 'yes', 'yes', 'partly', 'no', 'no'],
  fields: ['sparsity'],
  defaults: {},
  feedback: (layer) => ({
    feedback: {
      form: 'kernel',
      symbol: 'B',
      channels: layer.outputs,
      init: { law: 'glorot', gain: 1 },
      role: 'fixed',
      mask: 'plain',
    },
  }),
  back: (p) => p.send(p.feedback('feedback'), p.error),
  compare: (c) => ({ back: c.feedback('feedback'), forward: c.weight }),
};
