import { useEffect, useReducer, useRef } from 'react';
import { datasetShape } from '../../model/datasets.ts';
import { usePage, useLabState } from '../context.ts';
import type { ChartModel } from './model.ts';
import type { ChartSpec } from './specs.ts';

/** The figures beside a chart are renewed at most this often, in ms: faster ones cannot be read. */
const readingInterval = 120;

/**
 * A chart's model, made anew only when the run or the view changed. The component renders a few times a second while
 * data streams in; the canvas asks for the model itself, in every frame that it draws.
 */
export function useChartModel(spec: ChartSpec): { current(): ChartModel } {
  const { lab, redraw } = usePage();
  const [, render] = useReducer((count: number) => count + 1, 0);
  const view = useLabState((state) => state.view);
  const experiment = useLabState((state) => state.loaded ?? state.experiment);
  const earlier = useLabState((state) => state.earlier);
  const pointed = useLabState((state) => state.pointed);
  const stepsPerEpoch = useLabState((state) => state.network?.stepsPerEpoch ?? 0);
  const made = useRef<{ version: number; model: ChartModel } | null>(null);

  useEffect(() => {
    made.current = null;
    redraw.request();
    render();
  }, [spec, view, experiment, earlier, pointed, stepsPerEpoch, redraw]);

  useEffect(() => {
    let seen = -1;
    let due = 0;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const renew = (): void => {
      waiting = undefined;
      seen = lab.run.history.version;
      due = performance.now() + readingInterval;
      render();
    };
    const remove = redraw.add(() => {
      if (waiting !== undefined || lab.run.history.version === seen) return;
      const wait = due - performance.now();
      // What comes too soon for the eye is not forgotten: it may be the last that comes.
      if (wait > 0) waiting = setTimeout(renew, wait);
      else renew();
    });
    return () => {
      remove();
      clearTimeout(waiting);
    };
  }, [lab, redraw]);

  return {
    current() {
      const { version } = lab.run.history;
      if (made.current?.version !== version) {
        const images = datasetShape(experiment.dataset, lab.store.getState().own);
        const { xUnit, logLoss, steps } = view;
        const shown = earlier.filter((run) => run.shown);
        const scene = {
          history: lab.run.history,
          earlier: shown,
          pointed,
          experiment,
          images,
          stepsPerEpoch,
          xUnit,
          logLoss,
          steps,
        };
        made.current = { version, model: spec.model(scene) };
      }
      return made.current.model;
    },
  };
}
