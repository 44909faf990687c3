import { ImageDown } from 'lucide-react';
import { useLab } from '../context.ts';
import { Tip } from '../controls/tip.tsx';
import { download, nameOf } from '../files/save.ts';
import css from './chart.module.css';
import { rulesOf, tellEarlier } from './earlier.ts';
import { readPalette, type Palette } from './palette.ts';
import { SvgPen, type Pen } from './pen.ts';

/** Wide enough for a column of a paper, and for the labels. */
const [width, height] = [720, 420];

/** How wide a text comes out in this browser. */
function measure(): (text: string, font: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  return (text, font) => {
    if (!context) return 6 * text.length;
    context.font = font;
    return context.measureText(text).width;
  };
}

interface SvgButtonProps {
  readonly title: string;
  readonly description: string;
  /** What the horizontal axis counts, where the drawing does not say. */
  readonly axis?: string;
  /** Draws the chart, as on its canvas. */
  readonly draw: (pen: Pen, width: number, height: number, palette: Palette) => void;
}

/** Saves a chart as SVG, in the colours on show. */
export function SvgButton({ title, description, axis = '', draw }: SvgButtonProps) {
  const lab = useLab();
  const save = (): void => {
    const { loaded, experiment, earlier } = lab.store.getState();
    const shown = loaded ?? experiment;
    const name = nameOf(shown, lab.run.history.lastStep);
    const palette = readPalette();
    const pen = new SvgPen(measure());
    draw(pen, width, height, palette);
    const caption = {
      title: `${title} · ${rulesOf(lab.run.history.segments)}`,
      description: [
        `${description} ${name}`,
        ...earlier.filter((run) => run.shown).map((run) => `#${run.number}: ${tellEarlier(run, shown)}`),
      ].join('\n'),
      axis,
      ground: palette.surface,
      ink: palette.ink,
      family: palette.font,
    };
    download(`${name}_${title.toLowerCase().replaceAll(' ', '-')}.svg`, pen.document(width, height, caption));
  };
  return (
    <Tip text="Save the chart as SVG">
      <button type="button" className={css.tool} aria-label={`${title} as SVG`} onClick={save}>
        <ImageDown size={15} aria-hidden />
      </button>
    </Tip>
  );
}
