import { useId, useMemo, useRef, type ReactNode } from 'react';
import { datasetShape, type DatasetShape } from '../../model/datasets.ts';
import type { Experiment } from '../../model/experiment.ts';
import { ruleOf } from '../../model/rules/index.ts';
import { printShape } from '../../model/shape.ts';
import { comparedWith, wayBack } from '../../model/way-back.ts';
import card from '../controls/card.module.css';
import css from '../charts/chart.module.css';
import { EnlargeButton } from '../charts/enlarge.tsx';
import { limitOf } from '../charts/limits.ts';
import type { Palette } from '../charts/palette.ts';
import type { Pen } from '../charts/pen.ts';
import { SvgButton } from '../charts/svg-button.tsx';
import { useCanvas } from '../charts/use-canvas.ts';
import { usePage, useLabState } from '../context.ts';
import { weightsOf } from '../network/outline.ts';
import { drawPicture, words, type Picture } from './picture.ts';
import own from './way-back.module.css';

export const wayBackTab = {
  title: 'Way back',
  explanation: 'The network, what the error passes on its way back through it, and the angle at every layer.',
};

/** What the dials hold a way back against, in words. */
const counterparts = { weight: 'W', chain: 'the product of the W up to the output' } as const;

/** A loaded experiment's network, without what moves as it trains. */
function pictureOf(experiment: Experiment, images: DatasetShape): Picture {
  const rule = ruleOf(experiment.rule);
  const weights = weightsOf(experiment.layers, images);
  return {
    units: [...weights.map(({ input }) => printShape(input)), String(images.classes)],
    layers: weights.map((weight) => ({
      routes: wayBack(rule, weight, experiment, images.classes),
      reading: { angle: NaN, ratio: NaN, limit: limitOf(rule, weight, experiment, images.classes)?.angle ?? null },
    })),
  };
}

/** The network and the way of the error back through it, with a dial at every layer that moves as it trains. */
export function WayBackChart({ heading }: { heading: ReactNode }) {
  const { lab } = usePage();
  const loaded = useLabState((state) => state.loaded);
  const images = useLabState((state) => state.own);
  const canvas = useRef<HTMLCanvasElement>(null);
  const name = useId();
  const rule = loaded === null ? null : ruleOf(loaded.rule);
  const picture = useMemo(
    () => (loaded === null ? null : pictureOf(loaded, datasetShape(loaded.dataset, images))),
    [loaded, images],
  );

  const draw = (pen: Pen, width: number, height: number, palette: Palette): void => {
    if (picture === null || loaded === null) return pen.clearRect(0, 0, width, height);
    const { history } = lab.run;
    const layers = picture.layers.map(({ routes, reading }, i) => ({
      routes,
      reading: { ...reading, angle: history.latest('angle', i), ratio: history.latest('ratio', i) },
    }));
    drawPicture(pen, width, height, { ...picture, layers }, palette, palette.rule(loaded.rule));
  };
  useCanvas(canvas, draw);
  return (
    <figure className={`${card.card} ${css.chart}`} aria-labelledby={name}>
      <header className={css.header}>
        <span id={name} className="visually-hidden">
          {wayBackTab.title}. {wayBackTab.explanation}
        </span>
        {heading}
        <div className={css.tools}>
          <EnlargeButton place="loss" title={wayBackTab.title} />
          <SvgButton title={wayBackTab.title} description={wayBackTab.explanation} draw={draw} />
        </div>
      </header>
      {rule !== null && (
        <p className={own.key}>
          <b>{rule.name}</b> Dial: angle of the way back to {counterparts[comparedWith(rule) ?? 'weight']}. Hand: norm
          ratio.
        </p>
      )}
      <div className={css.plot}>
        <canvas ref={canvas} className={css.canvas} aria-hidden />
        {picture === null && <p className={css.empty}>The network appears here as soon as it is built.</p>}
      </div>
      {picture !== null && <Spoken picture={picture} />}
    </figure>
  );
}

/** The picture in words; the angles are read in their own chart. */
function Spoken({ picture: { units, layers } }: { picture: Picture }) {
  return (
    <ol className="visually-hidden">
      {layers.map(({ routes }, i) => (
        <li key={i}>
          {`${units[i]} to ${units[i + 1]} units. Way back: `}
          {routes
            .map(({ from, passages }) =>
              [
                from === 'network' ? 'the error of the output' : 'the error of the layer',
                ...passages.map(({ symbol, nature }) => `${symbol}, ${words[nature]}`),
              ].join(', then '),
            )
            .join('; beside it ')}
          .
        </li>
      ))}
    </ol>
  );
}
