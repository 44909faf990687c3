import { RefreshCw } from 'lucide-react';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { datasetShape } from '../../model/datasets.ts';
import { ruleOf } from '../../model/rules/index.ts';
import { cortex } from '../../model/synapses.ts';
import type { Synapses } from '../../workers/protocol.ts';
import card from '../controls/card.module.css';
import css from '../charts/chart.module.css';
import figures from '../charts/readings.module.css';
import { EnlargeButton } from '../charts/enlarge.tsx';
import type { Palette } from '../charts/palette.ts';
import type { Pen } from '../charts/pen.ts';
import { SvgButton } from '../charts/svg-button.tsx';
import { useCanvas } from '../charts/use-canvas.ts';
import { usePage, useLab, useLabState } from '../context.ts';
import controls from '../controls/controls.module.css';
import { Tip } from '../controls/tip.tsx';
import { grouped } from '../format.ts';
import { weightsOf } from '../network/outline.ts';
import { isTraining } from '../store.ts';
import { shareLikeCortex } from './match.ts';
import { drawScatter } from './scatter.ts';
import own from './synapses.module.css';

/** What one look at a layer's synapses gave; null where the rule has none to compare. */
interface Look {
  readonly layer: number;
  readonly synapses: Synapses | null;
}

/** Looks by itself whenever the network comes to stand at another step, and otherwise when it is asked to. */
function useLook(layer: number): { look: Look | null; refresh: () => void } {
  const lab = useLab();
  const [look, setLook] = useState<Look | null>(null);
  const loaded = useLabState((state) => state.loaded);
  const still = useLabState((state) =>
    isTraining(state) || !['ready', 'paused', 'finished'].includes(state.status.phase) ? null : state.status.step,
  );
  const [asked, ask] = useState(0);
  useEffect(() => {
    if (loaded === null) return undefined;
    let current = true;
    void lab.synapses(layer).then((synapses) => {
      if (current && synapses !== undefined) setLook({ layer, synapses });
    });
    return () => {
      current = false;
    };
  }, [lab, layer, loaded, still, asked]);
  return { look, refresh: () => ask(asked + 1) };
}

export const synapsesTab = {
  title: 'Synapses',
  explanation: 'Every feedback weight of a layer against the forward weight between the same two units.',
};

/** Feedback against forward weights of one layer, with their correlation and angle beside those of the cortex. */
export function SynapsesChart({ heading }: { heading: ReactNode }) {
  const { redraw } = usePage();
  const layers = useLabState((state) => state.network?.layers ?? []);
  const rule = useLabState((state) => (state.loaded ?? state.experiment).rule);
  const [chosen, setChosen] = useState(1);
  const layer = Math.min(chosen, Math.max(0, layers.length - 1));
  const { look, refresh } = useLook(layer);
  const canvas = useRef<HTMLCanvasElement>(null);
  const title = useId();
  const synapses = look?.layer === layer ? look.synapses : null;

  const draw = (pen: Pen, width: number, height: number, palette: Palette): void =>
    drawScatter(pen, width, height, synapses, palette, palette.rule(rule));
  useCanvas(canvas, draw);
  useEffect(() => redraw.request(), [redraw, synapses]);
  return (
    <figure className={`${card.card} ${css.chart}`} aria-labelledby={title}>
      <header className={css.header}>
        <span id={title} className="visually-hidden">
          Synapses chart. {synapsesTab.explanation}
        </span>
        {heading}
        <div className={css.tools}>
          <EnlargeButton place="angle" title={synapsesTab.title} />
          <SvgButton title={`Synapses, ${layers[layer] ?? ''}`} description={synapsesTab.explanation} draw={draw} />
          <Tip text="Look again, at the weights as they are now">
            <button type="button" className={css.tool} aria-label="Look again" onClick={refresh}>
              <RefreshCw size={14} aria-hidden />
            </button>
          </Tip>
        </div>
      </header>
      <div className={own.line}>
        <select
          className={own.layer}
          aria-label="Layer"
          value={layer}
          onChange={(event) => setChosen(Number(event.target.value))}
        >
          {layers.map((name, index) => (
            <option key={name} value={index}>
              {name}
            </option>
          ))}
        </select>
        {synapses !== null && <Figures synapses={synapses} />}
      </div>
      <div className={css.plot}>
        <canvas ref={canvas} className={css.canvas} aria-hidden />
        {look !== null && look.layer === layer && synapses === null && (
          <p className={css.empty}>This rule has no feedback synapses to compare in this layer.</p>
        )}
      </div>
      {synapses !== null && <Match layer={layer} variance={synapses.variance} />}
    </figure>
  );
}

const degrees = (value: number): string => (Number.isNaN(value) ? '–' : `${value.toFixed(1)}°`);
const plain = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(3));

function Figures({ synapses: { correlation, angle, pairs } }: { synapses: Synapses }) {
  return (
    <dl className={own.figures} title={`Of all ${grouped(pairs)} pairs; the dots are a sample of them.`}>
      <div className={figures.reading}>
        <dt>R</dt>
        <dd>{plain(correlation)}</dd>
      </div>
      <div className={figures.reading}>
        <dt>angle</dt>
        <dd>{degrees(angle)}</dd>
      </div>
      <div className={figures.reading}>
        <dt>cortex</dt>
        <dd className={own.cortex}>
          R ≈ {cortex.correlation}, {cortex.angle}°
        </dd>
      </div>
    </dl>
  );
}

/** For rules that mix kinds of synapses: the way to the shares at which they lie to the weights as in the cortex. */
function Match({ layer, variance }: { layer: number; variance: number }) {
  const lab = useLab();
  const loaded = useLabState((state) => state.loaded);
  if (loaded === null || !ruleOf(loaded.rule).fields.includes('fixedShare')) return null;
  const match = (): void => {
    const { experiment, own: images } = lab.store.getState();
    const weight = weightsOf(loaded.layers, datasetShape(loaded.dataset, images))[layer];
    if (weight) lab.draft.edit('fixedShare', shareLikeCortex(experiment, weight, variance));
  };
  return (
    <div className={own.match}>
      <button type="button" className={controls.button} onClick={match}>
        Match the cortex
      </button>
      <p>
        The share f of fixed synapses at which R = c / √(c + s f) is {cortex.correlation}: c is the share that copies, s
        the variance of the fixed ones over that of W in this layer.
      </p>
    </div>
  );
}
