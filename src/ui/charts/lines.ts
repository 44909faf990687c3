import { nameOf, type EarlierRun } from './earlier.ts';
import type { Metric } from './history.ts';
import type { ChartLine, Scene } from './model.ts';
import type { Pyramid } from './pyramid.ts';

const dashes: readonly (readonly number[])[] = [[], [8, 3], [2, 3], [9, 3, 2, 3]];

/** How the lines of a run's layers are told apart: by dash and lightness. */
const layerStyle = (layer: number, layers: number) => ({
  dash: dashes[layer % dashes.length] ?? [],
  tone: layers > 1 ? (0.4 * layer) / (layers - 1) : 0,
});

/** Layers of an earlier run that are all drawn. */
const mostLayers = 8;

/** An axis that counts epochs lays an epoch of an earlier run over one of the present run, whatever their steps. */
export const stretchOf = ({ stepsPerEpoch, xUnit }: Scene, run: EarlierRun): number =>
  xUnit === 'epoch' && stepsPerEpoch > 0 && run.stepsPerEpoch > 0 ? stepsPerEpoch / run.stepsPerEpoch : 1;

/** How far their colour is mixed into the surface. */
const pale = 0.25;

type Style = Pick<ChartLine, 'dash' | 'tone' | 'width' | 'density' | 'seldom'>;

const presentLine = ({ history: { segments } }: Scene, label: string, data: Pyramid, style: Style): ChartLine => ({
  label,
  name: label,
  data,
  segments,
  stretch: 1,
  earlier: false,
  told: true,
  ...style,
});

/** Thin, pale curves of the runs before, but for the one that stands out; one of each is named. Figures of every layer would be too many. */
const earlierLines = (scene: Scene, metric: Metric): ChartLine[] =>
  scene.earlier.flatMap((run) => {
    const all = run.lines.get(metric) ?? [];
    return all.flatMap((data, layer) => {
      // Of a deep network the first and the last tell enough.
      if (all.length > mostLayers && layer > 0 && layer < all.length - 1) return [];
      const label = nameOf(run);
      const { dash, tone } = layerStyle(layer, all.length);
      const style = run.number === scene.pointed ? { tone, width: 2.25 } : { tone: pale + tone / 2, width: 1.25 };
      return {
        label,
        name: layer === 0 ? label : null,
        data,
        segments: run.segments,
        stretch: stretchOf(scene, run),
        earlier: true,
        told: all.length === 1,
        dash,
        density: 2,
        seldom: all.length === 1,
        ...style,
      };
    });
  });

/** The curves of a per-layer quantity. */
export const layerLines = (scene: Scene, metric: Metric): ChartLine[] => [
  ...earlierLines(scene, metric),
  ...scene.history.of(metric).map((data, layer, all) => {
    const style = { ...layerStyle(layer, all.length), width: 2, density: 2, seldom: false };
    return presentLine(scene, scene.history.layers[layer] ?? '', data, style);
  }),
];

const trainStyle: Style = { dash: [1.5, 2.5], tone: 0.3, width: 1.5, density: 0.5, seldom: false };
const testStyle: Style = { dash: [], tone: 0, width: 2.25, density: 2, seldom: true };

/** Training as a faint dotted curve, test as a solid one; of earlier runs the test alone. */
export const trainAndTest = (scene: Scene, train: Metric, test: Metric): ChartLine[] => [
  ...earlierLines(scene, test),
  ...scene.history.of(train).map((data) => presentLine(scene, 'train', data, trainStyle)),
  ...scene.history.of(test).map((data) => presentLine(scene, 'test', data, testStyle)),
];
