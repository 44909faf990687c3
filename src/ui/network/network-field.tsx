import { SquarePen } from 'lucide-react';
import { useId, useState } from 'react';
import { printBytes } from '../../model/bytes.ts';
import { parseField, printField } from '../../model/codec.ts';
import { datasetShape } from '../../model/datasets.ts';
import type { Experiment } from '../../model/experiment.ts';
import { FaultError, toFault } from '../../model/fault.ts';
import { useLab, useLabState } from '../context.ts';
import controls from '../controls/controls.module.css';
import { SettingLabel } from '../controls/setting.tsx';
import { TextInput } from '../controls/text-input.tsx';
import { Tip } from '../controls/tip.tsx';
import { compact } from '../format.ts';
import { queued, sameField } from '../store.ts';
import { Builder } from './builder.tsx';
import css from './network.module.css';
import { rowsOf, summarize } from './outline.ts';

/** The network as text, the way to its builder, and what comes of it. */
export function NetworkField() {
  const lab = useLab();
  const id = useId();
  const [building, setBuilding] = useState(false);
  const experiment = useLabState((state) => state.experiment);
  /** Reads the notation and makes sure that the layers fit each other and the images. */
  const parse = (text: string): Experiment['layers'] => {
    const layers = read(text);
    rowsOf(layers, datasetShape(experiment.dataset, lab.store.getState().own));
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
        commit={(layers) => lab.draft.edit('layers', layers)}
      />
      <Tip text="Build the network layer by layer, or choose a known one">
        <button
          type="button"
          className={`${controls.button} ${css.build}`}
          aria-label="Build the network"
          onClick={() => setBuilding(true)}
        >
          <SquarePen size={14} aria-hidden />
        </button>
      </Tip>
      <NetworkSummary experiment={experiment} />
      {building && <Builder close={() => setBuilding(false)} />}
    </div>
  );
}

/** Reads the notation. A message names few kinds of layers; the builder beside the field has them all. */
function read(text: string): Experiment['layers'] {
  try {
    return parseField('layers', text) as Experiment['layers'];
  } catch (error) {
    throw new FaultError('invalid', `${toFault(error).text} Or build it with the pencil.`);
  }
}

/** The shapes on the way through the network, the number of its weights, and its memory once it is built; or why it does not fit. */
function NetworkSummary({ experiment }: { experiment: Experiment }) {
  const own = useLabState((state) => state.own);
  const memory = useLabState(({ network, loaded }) =>
    network === null || queued(experiment, loaded).length > 0 ? null : network.bytes,
  );
  const summary = summarize(experiment, datasetShape(experiment.dataset, own));
  if ('problem' in summary)
    return (
      <p className={css.summary} role="alert">
        {summary.problem}
      </p>
    );
  const { shapes, forward, feedback } = summary;
  const counts = [
    `${compact(forward)} weights`,
    ...(feedback > 0 ? [`${compact(feedback)} feedback`] : []),
    ...(memory === null ? [] : [printBytes(memory)]),
  ];
  return (
    <p className={css.summary}>
      <span className={css.shapes} title={shapes}>
        {shapes}
      </span>
      <span className={css.counts}>{counts.join(' · ')}</span>
    </p>
  );
}
