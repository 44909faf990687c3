import type { Rule } from './rule.ts';

/** Weight mirror: phases of noise through the forward weights teach the feedback what they are. */
export const wm: Rule = {
  id: 'wm',
  name: 'WM',
  title: 'Weight mirror',
  sentence:
    'Between updates, noise runs forward through each layer, and the feedback learns from how inputs and outputs correlate.',
  equations: [
    String.raw`e_{l} = B_{l,l+1}\, e_{l+1} \odot f'(z_l)`,
    String.raw`B \leftarrow (1-\lambda_B)\, B + \tfrac{\lambda_B}{\gamma \sigma^2}\, \langle \xi_l\, y_{l+1}^{\top} \rangle, \qquad y = f(W \xi),\; \xi \sim \mathcal N(0, \sigma^2)`,
  ],
  source: {
    authors: 'Akrout, Wilson, Humphreys, Lillicrap & Tweed',
    year: 2019,
    title: 'Deep learning without weight transport',
    url: 'https://arxiv.org/abs/1904.05391',
  },
  table: ['yes', 'yes', 'no', 'no', 'yes', 'yes'],
  fields: ['mirrorRate', 'convMirrorRate', 'noise', 'mirrorBatch', 'mirrorSteps'],
  defaults: {},
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
  back: (p) => p.send(p.feedback('feedback'), p.error),
  mirror(phase, layer, { noise: deviation, mirrorRate, convMirrorRate }) {
    const rate = layer.convolves ? convMirrorRate : mirrorRate;
    // E[ξ ReLU(Wξ)] = σ² W/2, and without the ReLU σ² W; less 1/m of it for the mean of m examples (algorithms.md section 5).
    const slope = phase.relu ? 0.5 : 1;
    const x = phase.noise(deviation);
    const y = phase.centre(phase.respond(x));
    phase.estimate(phase.feedback('feedback'), phase.centre(x), y, rate, rate / (slope * deviation ** 2));
  },
  compare: (c) => ({ back: c.feedback('feedback'), forward: c.weight }),
};
