import type { Experiment } from '../experiment.ts';
import { kp } from './kp.ts';
import { pfa } from './pfa.ts';
import type { Rule, Shares } from './rule.ts';

const sharesOf = ({ pathShare, fixedShare }: Experiment): Shares => ({
  path: pathShare,
  fixed: Math.min(fixedShare, 1 - pathShare),
});

/**
 * The share of fixed among all connections that gives explicit feedback weights the correlation `target` with W, when
 * `pathShare` of the connections have no synapse of their own. The copied ones come to equal W, the fixed ones are
 * independent of it and have `spread` times its variance: R = copied / √(copied + spread · fixed), which is Appendix B
 * of the paper turned round (there the spread is 1).
 */
export function fixedShareFor(target: number, pathShare: number, spread = 1): number {
  const explicit = 1 - pathShare;
  const square = target * target;
  const slope = square * (1 - spread);
  const copied = (slope + Math.sqrt(slope * slope + 4 * square * explicit * spread)) / 2;
  return Math.max(0, explicit - copied);
}

/**
 * A mixture that the paper's Discussion proposes: every connection between two units is, by a fixed random draw, of one
 * of three kinds. Of the path: it has no synapse of its own, its error takes the way B then R, which learn as in PFA.
 * Fixed: a random synapse, as in FA. Copied: a synapse that takes the same updates as W, as in KP. The error travels
 * back through all of them at once.
 */
export const mixed: Rule = {
  id: 'mixed',
  name: 'Mixed',
  title: 'Mixed synapses',
  sentence:
    'Each connection back is one of three kinds, for good: a PFA path, a fixed random synapse (FA), or one that copies the updates of W (KP).',
  equations: [
    String.raw`e_{l} = F\, e_{l+1} \odot f'(z_l), \qquad F = m_{\mathrm{PFA}} \odot R B + m_{\mathrm{FA}} \odot B^{\mathrm{FA}} + m_{\mathrm{KP}} \odot B^{\mathrm{KP}}`,
  ],
  source: pfa.source,
  table: null,
  fields: ['expansion', 'pathShare', 'fixedShare'],
  // Every step makes the whole product of B and R, so the expansion is kept low.
  defaults: { expansion: 2, earlyDecay: 0.03 },
  feedback(layer, experiment, classes) {
    const { B, R } = pfa.feedback(layer, experiment, classes);
    const { feedback: copied } = kp.feedback(layer, experiment, classes);
    return {
      feedback: { ...copied, init: { law: 'none' }, role: 'derived', symbol: 'F' },
      B: { ...B, mask: 'none' },
      R: { ...R, mask: 'none' },
      fixed: { ...copied, role: 'fixed' },
      copied,
    };
  },
  refresh(p, _layer, experiment) {
    const path = p.path(p.feedback('B'), p.feedback('R'));
    p.mix(p.feedback('feedback'), path, p.feedback('fixed'), p.feedback('copied'), sharesOf(experiment));
  },
  back(p) {
    p.send(p.feedback('feedback'), p.error);
    p.learn(p.feedback('R'), p.project(p.feedback('B'), p.error));
    p.learn(p.feedback('copied'), p.error);
  },
  compare: (c) => ({ back: c.feedback('feedback'), forward: c.weight }),
  synapses: (c, experiment) => ({
    back: c.explicit(c.feedback('fixed'), c.feedback('copied'), sharesOf(experiment)),
    forward: c.weight,
  }),
};
