import { useId } from 'react';
import { parseField, printField, type Experiment } from '../../model/experiment.ts';
import { FaultError, toFault } from '../../model/fault.ts';
import { describeNetwork, printShapes, withOutput, type LayerRow } from '../../model/network.ts';
import { ruleOf } from '../../model/rules/index.ts';
import { parameterCount } from '../../model/shape.ts';
import { useLab, useLabState } from '../context.ts';
import { SettingLabel } from '../controls/setting.tsx';
import { TextInput } from '../controls/text-input.tsx';
import { datasetShape } from '../dataset.ts';
import { compact } from '../format.ts';
import { sameField } from '../store.ts';
import css from './panels.module.css';

const rowsOf = (layers: Experiment['layers']): LayerRow[] =>
  describeNetwork(withOutput(layers, datasetShape.classes), datasetShape.input);

/** Reads the notation and makes sure that the layers fit each other and the images. */
function parseLayers(text: string): Experiment['layers'] {
  const layers = parseField('layers', text) as Experiment['layers'];
  rowsOf(layers);
  return layers;
}

/** Trainable weights, and the weights of the way back, of which some rules have none. */
function countWeights(experiment: Experiment): { forward: number; feedback: number } {
  const rule = ruleOf(experiment.rule);
  let forward = 0;
  let feedback = 0;
  for (const { weight } of rowsOf(experiment.layers)) {
    if (weight === null) continue;
    forward += parameterCount(weight);
    for (const spec of Object.values(rule.feedback(weight, experiment, datasetShape.classes))) {
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
  const waits = useLabState((state) => state.loaded !== null && !sameField('layers', state.experiment, state.loaded));
  return (
    <div className={css.network}>
      <SettingLabel name="layers" field={id} waits={waits} />
      <div>
        <TextInput
          id={id}
          description="Hidden layers, such as 512-512"
          value={printField('layers', experiment.layers)}
          parse={parseLayers}
          commit={(layers) => lab.edit('layers', layers)}
        />
        <NetworkSummary experiment={experiment} />
      </div>
    </div>
  );
}

function NetworkSummary({ experiment }: { experiment: Experiment }) {
  try {
    const { forward, feedback } = countWeights(experiment);
    return (
      <p className={css.summary}>
        {printShapes(rowsOf(experiment.layers))}
        <span className={css.counts}>
          {compact(forward)} weights{feedback > 0 && ` · ${compact(feedback)} feedback`}
        </span>
      </p>
    );
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return (
      <p className={css.summary} role="alert">
        {toFault(error).text}
      </p>
    );
  }
}
