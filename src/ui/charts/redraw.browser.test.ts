import { afterEach, expect, test, vi } from 'vitest';
import { Redraw } from './redraw.ts';

afterEach(() => vi.restoreAllMocks());

/** Whether somebody looks at the page, from now on. */
function turn(hidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

test('all that is asked for within a display frame is drawn once, and answered then', async () => {
  const redraw = new Redraw();
  const draw = vi.fn<() => void>();
  const drawn = vi.fn<() => void>();
  redraw.add(draw);
  redraw.request(drawn);
  redraw.request(drawn);
  expect(draw).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(drawn).toHaveBeenCalledTimes(2));
  expect(draw).toHaveBeenCalledTimes(1);
});

test('a page that nobody looks at answers at once and draws nothing, until it is looked at again', async () => {
  const redraw = new Redraw();
  const draw = vi.fn<() => void>();
  const drawn = vi.fn<() => void>();
  // The display may have no more frames for what was asked for before.
  vi.spyOn(globalThis, 'requestAnimationFrame').mockReturnValue(1);
  redraw.add(draw);
  redraw.request(drawn);
  turn(true);
  expect(drawn).toHaveBeenCalledTimes(1);
  redraw.request(drawn);
  expect(drawn).toHaveBeenCalledTimes(2);
  expect(draw).not.toHaveBeenCalled();
});

test('a drawing that fails does not keep the answer', () => {
  let frame: FrameRequestCallback = () => undefined;
  vi.spyOn(globalThis, 'requestAnimationFrame').mockImplementation((callback) => {
    frame = callback;
    return 1;
  });
  const redraw = new Redraw();
  const drawn = vi.fn<() => void>();
  redraw.add(() => {
    throw new Error('No canvas.');
  });
  redraw.request(drawn);
  expect(() => frame(0)).toThrow('No canvas.');
  expect(drawn).toHaveBeenCalledOnce();
});
