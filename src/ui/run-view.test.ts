import { beforeEach, expect, test, vi } from 'vitest';
import { runBefore } from './charts/scene-testing.ts';
import { Bench } from './lab-testing.ts';

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
  bench.store.setState({ earlier: [1, 2, 3].map((number) => runBefore(number, 400, 'fa', { seed: number + 20 })) });
});

const numbers = (): number[] => bench.store.getState().earlier.map(({ number }) => number);

test('an earlier run is hidden and shown again, and stays kept', () => {
  const shown = (): number[] => bench.store.getState().earlier.flatMap((run) => (run.shown ? [run.number] : []));
  bench.lab.run.toggle(2);
  expect([numbers(), shown()]).toEqual([
    [1, 2, 3],
    [1, 3],
  ]);
  bench.lab.run.toggle(2);
  expect(shown()).toEqual([1, 2, 3]);
});

test('what was removed comes back in its place, beside what has come since', () => {
  const { run } = bench.lab;
  const [, second] = bench.store.getState().earlier;
  bench.store.setState({ pointed: 2 });
  const undo = run.forget([second]);
  expect(numbers()).toEqual([1, 3]);
  expect(bench.store.getState().pointed).toBeNull();
  bench.store.setState({ earlier: [...bench.store.getState().earlier, runBefore(4, 400)] });
  undo();
  // A second click on what is fading away.
  undo();
  expect(numbers()).toEqual([1, 2, 3, 4]);
});

test('a run that has to make room for another is told of', async () => {
  const toast = vi.spyOn(bench.lab.notices.toasts, 'add');
  bench.store.setState({
    earlier: Array.from({ length: 8 }, (_, i) => runBefore(i - 7, 400, 'fa', { seed: i + 20 })),
  });
  await bench.begin();
  await bench.lab.reset();
  expect(numbers()).toEqual([-6, -5, -4, -3, -2, -1, 0, 1]);
  expect(toast.mock.calls).toEqual([[{ description: 'FA #-7 made room: 8 earlier runs are kept.' }]]);
});

test('a stretch of the run stays on show while the run goes on, also under another rule, and not for another run', async () => {
  await bench.begin();
  const { store, lab } = bench;
  const stretch = (): readonly number[] | null => store.getState().view.steps;
  store.setState({ view: { ...store.getState().view, steps: [10, 60] } });
  bench.send({ status: bench.at(200, 'running'), test: new Float32Array([200, 1, 0.5]) });
  lab.draft.chooseRule('fa');
  await lab.restart('present');
  expect(stretch()).toEqual([10, 60]);
  await lab.reset();
  expect(stretch()).toBeNull();
});
