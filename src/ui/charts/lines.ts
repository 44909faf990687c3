import { nameOf, type EarlierRun } from './earlier.ts';
import type { Metric } from './history.ts';
import type { ChartLine, Scene } from './model.ts';
import type { Pyramid } from './pyramid.ts';
import { shareRule } from './shades.ts';

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

/** How far the other earlier runs are mixed into the surface while one is pointed at. */
const faded = 0.65;

type Style = Pick<ChartLine, 'dash' | 'tone' | 'width' | 'density' | 'seldom'>;

const presentLine = ({ history: { segments } }: Scene, label: string, data: Pyramid, style: Style): ChartLine => ({
  label,
  name: label,
  data,
  segments,
  stretch: 1,
  run: null,
  drawn: true,
  numbered: false,
  shade: null,
  ...style,
});

/** Thin curves of the runs before, each in its shade; the others fade while one is pointed at. One of each is named. */
function earlierLines(scene: Scene, metric: Metric): ChartLine[] {
  // One that is hidden can be pointed at, too: then none stands out.
  const pointed = scene.earlier.find(({ number }) => number === scene.pointed);
  return scene.earlier.flatMap((run) => {
    const { number, segments, shade } = run;
    const name = nameOf(run);
    const others = [scene.history, ...scene.earlier.filter((other) => other !== run)];
    const numbered = others.some((other) => shareRule(run, other));
    return (run.lines.get(metric) ?? []).map((data, layer, all) => ({
      label: all.length === 1 ? name : `${name} layer ${layer + 1}`,
      name: layer === 0 ? name : null,
      data,
      segments,
      stretch: stretchOf(scene, run),
      run: number,
      // Of a deep network the first and the last tell enough.
      drawn: all.length <= mostLayers || layer === 0 || layer === all.length - 1,
      numbered,
      shade,
      dash: layerStyle(layer, all.length).dash,
      tone: pointed === undefined || run === pointed ? 0 : faded,
      // Thinner than those of the present run, whatever is pointed at.
      width: run === pointed ? 1.9 : 1.25,
      density: 2,
      seldom: all.length === 1,
    }));
  });
}

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
