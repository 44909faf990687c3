import type { Rule } from './rule.ts';

/** Direct feedback alignment: the output error, straight to every hidden layer. */
export const dfa: Rule = {
  id: 'dfa',
  name: 'DFA',
  title: 'Direct feedback alignment',
  sentence:
    'Every hidden layer receives the error of the output directly, each through fixed random weights of its own.',
  equations: [String.raw`e_{l} = B_{l,L}\, e_{L} \odot f'(z_l), \qquad \Delta B = 0`],
  source: {
    authors: 'Nøkland',
    year: 2016,
    title: 'Direct feedback alignment provides learning in deep neural networks',
    url: 'https://arxiv.org/abs/1609.01596',
  },
  table: ['yes', 'yes', 'yes', 'partly', 'no', 'no'],
  fields: ['sparsity'],
  defaults: {},
  feedback: (_layer, _experiment, classes) => ({
    feedback: {
      form: 'kernel',
      symbol: 'B',
      channels: classes,
      init: { law: 'glorot', gain: 1 },
      role: 'fixed',
      mask: 'plain',
    },
  }),
  back: (p) => p.send(p.feedback('feedback'), p.outputError()),
  compare(c) {
    const forward = c.chain();
    return forward === null ? null : { back: c.feedback('feedback'), forward };
  },
};
