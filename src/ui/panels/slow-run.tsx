import { useEffect, useState } from 'react';
import type { Experiment } from '../../model/experiment.ts';
import { parseNetwork } from '../../model/network.ts';
import { ruleOf } from '../../model/rules/index.ts';
import controls from '../controls/controls.module.css';
import { useLab, useLabState } from '../context.ts';
import { roughly } from '../format.ts';
import { Notice } from './banner.tsx';
import css from './banners.module.css';

/** A run that takes longer than this, in s, is long to watch. */
const long = 600;
/** The first estimates may be far off: it is told when they hold so long, in ms. */
const steady = 3000;

/** A network of fully connected layers that most devices train in a minute, by the same rule on the same images. */
function lighter(experiment: Experiment): Experiment | null {
  const heavy = experiment.layers.some((layer) => layer.kind === 'linear' && layer.outputs > 64);
  if (!heavy || experiment.layers.some(({ kind }) => kind !== 'linear')) return null;
  const expands = ruleOf(experiment.rule).fields.includes('expansion');
  return { ...experiment, layers: parseNetwork('64-64'), epochs: 3, ...(expands && { expansion: 4 }) };
}

/** Where the run would take long, a smaller one is offered: once a visit. */
export function SlowRun() {
  const lab = useLab();
  const slow = useLabState(({ status, fault }) => fault === null && (status.eta ?? 0) > long);
  const loaded = useLabState((state) => state.loaded);
  const left = useLabState(({ status }) => roughly(status.eta ?? long));
  const [sure, setSure] = useState(false);
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!slow) return;
    const timer = setTimeout(() => setSure(true), steady);
    return () => {
      clearTimeout(timer);
      setSure(false);
    };
  }, [slow]);
  const light = loaded === null ? null : lighter(loaded);
  if (over || !sure || light === null) return null;
  const start = (): void => {
    setOver(true);
    lab.draft.adopt({ experiment: light, notices: [] });
    void lab.restart('seed');
  };
  return (
    <Notice dismiss={() => setOver(true)}>
      <p>
        <b>About {left} left on this device.</b> A smaller network shows the same much sooner: hidden layers 64-64
        {light.expansion === loaded?.expansion ? '' : `, expansion ratio ${light.expansion}`}, {light.epochs} epochs.
      </p>
      <button type="button" className={`${controls.button} ${css.way}`} onClick={start}>
        Restart with the smaller one
      </button>
    </Notice>
  );
}
