import { ImageDown } from 'lucide-react';
import { useLab } from '../context.ts';
import { Tip } from '../controls/tip.tsx';
import { download, nameOf } from '../files/save.ts';
import css from './chart.module.css';
import { describePresent, rulesOf, tellEarlier, titleOf, type EarlierRun } from './earlier.ts';
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
  /** The earlier runs in the drawing. */
  readonly runs?: readonly EarlierRun[];
  /** Draws the chart, as on its canvas. */
  readonly draw: (pen: Pen, width: number, height: number, palette: Palette) => void;
}

/** Saves a chart as SVG, in the colours on show. */
export function SvgButton({ title, description, axis = '', runs = [], draw }: SvgButtonProps) {
  const lab = useLab();
  const save = (): void => {
    const { loaded, experiment } = lab.store.getState();
    const shown = loaded ?? experiment;
    const { history } = lab.run;
    const name = nameOf(shown, history.lastStep);
    const palette = readPalette();
    const pen = new SvgPen(measure());
    draw(pen, width, height, palette);
    const { segments, marks } = history;
    const present = { experiment: shown, segments, marks };
    const swatch = (each: Pick<EarlierRun, 'segments'>, shade: number | null): string =>
      palette.rule(each.segments.at(-1)?.rule ?? '', shade);
    const caption = {
      title: `${title} · ${rulesOf(segments)}`,
      description: [`${description} ${name}`, ...runs.map((run) => `#${run.number}: ${tellEarlier(run, shown)}`)].join(
        '\n',
      ),
      axis,
      legend:
        runs.length === 0
          ? []
          : [
              { color: swatch(history, null), width: 2.25, text: `present: ${describePresent(present, runs)}` },
              ...runs.map((run) => ({ color: swatch(run, run.shade), width: 1.25, text: titleOf(run, shown, 4) })),
            ],
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
