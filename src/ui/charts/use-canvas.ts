import { useCallback, useEffect, useRef, useState } from 'react';
import { usePage } from '../context.ts';
import { onThemeChange } from '../theme.ts';
import { readPalette, type Palette } from './palette.ts';

/** Keeps a canvas as large as its box and sharp on its screen; `paint` is called whenever something is to be drawn. */
export function useCanvas(
  canvas: { readonly current: HTMLCanvasElement | null },
  paint: (context: CanvasRenderingContext2D, width: number, height: number, palette: Palette) => void,
): void {
  const { redraw } = usePage();
  const palette = useRef<Palette | null>(null);
  const latest = useRef(paint);
  const [, fail] = useState(null);
  useEffect(() => {
    latest.current = paint;
    redraw.request();
  });
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const resized = new ResizeObserver(() => redraw.request());
    resized.observe(element);
    const forget = onThemeChange(() => {
      palette.current = null;
      redraw.request();
    });
    return () => {
      resized.disconnect();
      forget();
    };
  }, [canvas, redraw]);
  const draw = useCallback(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const { clientWidth: width, clientHeight: height } = element;
    if (width < 80 || height < 60) return;
    const density = devicePixelRatio;
    const [wide, high] = [Math.round(width * density), Math.round(height * density)];
    if (element.width !== wide) element.width = wide;
    if (element.height !== high) element.height = high;
    context.setTransform(density, 0, 0, density, 0, 0);
    try {
      latest.current(context, width, height, (palette.current ??= readPalette()));
    } catch (error) {
      // Out of the animation frame, where it would take the other drawings with it, to where React catches it.
      fail(() => {
        throw error;
      });
    }
  }, [canvas]);
  useEffect(() => redraw.add(draw), [redraw, draw]);
}
