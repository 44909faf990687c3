import type { Rule } from './rule.ts';

/** Back-propagation: the error goes back through the forward weights themselves. */
export const bp: Rule = {
  id: 'bp',
  name: 'BP',
  title: 'Backpropagation',
  sentence:
    'The error travels back through an exact mirror of the forward weights, which a brain has no known way to keep.',
  equations: [String.raw`e_{l} = W_{l+1,l}^{\top}\, e_{l+1} \odot f'(z_l)`],
  source: {
    authors: 'Rumelhart, Hinton & Williams',
    year: 1986,
    title: 'Learning representations by back-propagating errors',
    url: 'https://doi.org/10.1038/323533a0',
  },
  table: ['no', 'no', 'yes', 'no', 'yes', 'yes'],
  fields: [],
  defaults: {},
  feedback: () => ({}),
  back: (p) => p.send(p.weight, p.error),
  compare: (c) => ({ back: c.weight, forward: c.weight }),
};
