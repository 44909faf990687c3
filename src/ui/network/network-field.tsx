import { useId } from 'react';
import { parseField, printField } from '../../model/codec.ts';
import type { Experiment } from '../../model/experiment.ts';
import { toFault } from '../../model/fault.ts';
import { allRows, describeNetwork, printShapes, withOutput, type LayerRow } from '../../model/network.ts';
import { ruleOf } from '../../model/rules/index.ts';
import { flat, sizeOf } from '../../model/shape.ts';
import { useLab, useLabState } from '../context.ts';
import { SettingLabel } from '../controls/setting.tsx';
import { TextInput } from '../controls/text-input.tsx';
import { datasetShape } from '../dataset.ts';
import { compact } from '../format.ts';
import { sameField } from '../store.ts';
import css from './panels.module.css';

/** Every layer with the output layer. A network that begins fully connected sees its images as flat vectors. */
function rowsOf({ layers, dataset }: Pick<Experiment, 'layers' | 'dataset'>): LayerRow[] {
  const { image, classes } = datasetShape(dataset);
  const whole = withOutput(layers, classes);
  const rows = describeNetwork(whole, image);
  return rows[0]?.spec.kind === 'linear' ? describeNetwork(whole, flat(sizeOf(image))) : rows;
}

/** Trainable weights, and the weights of the way back, of which some rules have none. */
function countWeights(experiment: Experiment): { forward: number; feedback: number } {
  const rule = ruleOf(experiment.rule);
  const { classes } = datasetShape(experiment.dataset);
  let forward = 0;
  let feedback = 0;
  for (const { weight, parameters } of allRows(rowsOf(experiment))) {
    forward += parameters;
    if (weight === null) continue;
    for (const spec of Object.values(rule.feedback(weight, experiment, classes))) {
      const window = spec.form === 'kernel' ? weight.inputs * weight.kernel ** 2 : weight.outputs;
      feedback += window * spec.channels;
    }
  }
  return { forward, feedback };
}

/** The network as text, and what comes of it. */
export function NetworkField() {
  const lab = useLab();
  const id = useId();
  const experiment = useLabState((state) => state.experiment);
  /** Reads the notation and makes sure that the layers fit each other and the images. */
  const parse = (text: string): Experiment['layers'] => {
    const layers = parseField('layers', text) as Experiment['layers'];
    rowsOf({ ...experiment, layers });
    return layers;
  };
  const waits = useLabState((state) => state.loaded !== null && !sameField('layers', state.experiment, state.loaded));
  return (
    <div className={css.network}>
      <SettingLabel name="layers" field={id} waits={waits} />
      <TextInput
        id={id}
        description="Hidden layers, such as 512-512"
        value={printField('layers', experiment.layers)}
        parse={parse}
        commit={(layers) => lab.edit('layers', layers)}
      />
      <NetworkSummary experiment={experiment} />
    </div>
  );
}

/** The shapes on the way through the network and the number of its weights; or why it does not fit the images. */
function summarize(experiment: Experiment): { shapes: string; counts: string } | { problem: string } {
  try {
    const { forward, feedback } = countWeights(experiment);
    const counts = `${compact(forward)} weights${feedback > 0 ? ` · ${compact(feedback)} feedback` : ''}`;
    return { shapes: printShapes(rowsOf(experiment)), counts };
  } catch (error) {
    return { problem: toFault(error).text };
  }
}

function NetworkSummary({ experiment }: { experiment: Experiment }) {
  const summary = summarize(experiment);
  if ('problem' in summary)
    return (
      <p className={css.summary} role="alert">
        {summary.problem}
      </p>
    );
  return (
    <p className={css.summary}>
      <span>{summary.shapes}</span>
      <span className={css.counts}>{summary.counts}</span>
    </p>
  );
}
