import { useEffect, useState } from 'react';
import { onThemeChange } from '../theme.ts';
import { readPalette, type Palette } from './palette.ts';

/** The colours in force, for what is drawn beside the canvases. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => onThemeChange(() => setPalette(readPalette())), []);
  return palette;
}
