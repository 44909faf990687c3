import type { Experiment } from '../model/experiment.ts';
import type { Rule } from '../model/rules/rule.ts';
import { dispatch, type Dispatch } from './kernel.ts';
import { combine } from './kernels/combine.ts';
import { feedbackOf, type Matrix, type WeightLayer } from './operator.ts';
import type { Parameter } from './parameter.ts';
import { filterKernel, multiplyPath } from './path.ts';
import type { Plan } from './plan.ts';

/**
 * Records what a rule computes from the tensors as they are before the first step: their values, or with `moving` the
 * velocities of those that learn.
 */
export function recordBeginning(
  plan: Plan,
  layers: readonly WeightLayer[],
  rule: Rule,
  experiment: Experiment,
  moving: boolean,
): Dispatch[] {
  const recorded: Dispatch[] = [];
  const seen = (parameter: Parameter): Matrix =>
    moving && parameter.velocity ? { ...parameter, value: parameter.velocity } : parameter;
  for (const layer of layers)
    rule.begin?.<Matrix>(
      {
        weight: seen(layer.weight),
        feedback: (name) => seen(feedbackOf(layer, name)),
        path(projection, kernel) {
          const { path, dispatches } = multiplyPath(plan, layer.index, projection, kernel);
          recorded.push(...dispatches);
          return path;
        },
        filter(kernel, projection) {
          const { filtered, dispatches } = filterKernel(plan, layer.index, kernel, projection);
          recorded.push(...dispatches);
          return filtered;
        },
        keep(target, a, b) {
          const tensors = { value: target.value, a: a.value, b: (b ?? a).value };
          recorded.push(dispatch(combine, tensors, { COUNT: target.value.size, GAIN: b ? -1 : 0 }));
        },
      },
      experiment,
    );
  return recorded;
}
