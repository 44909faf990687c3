import { pathRound } from 'd3';

/** The part of a canvas that charts are drawn with. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineJoin'
  | 'lineCap'
  | 'globalAlpha'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'arc'
  | 'rect'
  | 'fill'
  | 'stroke'
  | 'clip'
  | 'save'
  | 'restore'
  | 'setLineDash'
  | 'clearRect'
  | 'fillRect'
  | 'fillText'
  | 'strokeText'
> & { measureText(text: string): { readonly width: number } };

const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Charts have plain colours. */
const colorOf = (style: Pen['fillStyle']): string => (typeof style === 'string' ? style : 'none');

const anchors: Partial<Record<CanvasTextAlign, string>> = { center: 'middle', right: 'end', end: 'end' };

/** Writes down as SVG what is drawn with it. Of `save` and `restore` it knows the clipping alone, and text is centred on its line. */
export class SvgPen implements Pen {
  fillStyle: Pen['fillStyle'] = 'black';
  strokeStyle: Pen['strokeStyle'] = 'black';
  lineWidth = 1;
  lineJoin: CanvasLineJoin = 'miter';
  lineCap: CanvasLineCap = 'butt';
  globalAlpha = 1;
  font = '11px sans-serif';
  textAlign: CanvasTextAlign = 'left';
  textBaseline: CanvasTextBaseline = 'middle';
  private readonly width: (text: string, font: string) => number;
  private readonly parts: string[] = [];
  private path = pathRound(2);
  private dash: readonly number[] = [];
  private clips = 0;
  /** Clipped groups that were opened since each `save`. */
  private readonly opened: number[] = [];

  /** `width`: how wide a text is in a CSS font. */
  constructor(width: (text: string, font: string) => number) {
    this.width = width;
  }

  beginPath(): void {
    this.path = pathRound(2);
  }

  moveTo(x: number, y: number): void {
    this.path.moveTo(x, y);
  }

  lineTo(x: number, y: number): void {
    this.path.lineTo(x, y);
  }

  arc(x: number, y: number, radius: number, from: number, to: number): void {
    this.path.arc(x, y, radius, from, to);
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.path.rect(x, y, width, height);
  }

  fill(): void {
    this.parts.push(`<path d="${String(this.path)}" ${this.filled}/>`);
  }

  stroke(): void {
    this.parts.push(`<path d="${String(this.path)}" ${this.stroked}/>`);
  }

  clip(): void {
    const id = `clip${++this.clips}`;
    this.parts.push(`<clipPath id="${id}"><path d="${String(this.path)}"/></clipPath>`, `<g clip-path="url(#${id})">`);
    this.opened[this.opened.length - 1] = (this.opened.at(-1) ?? 0) + 1;
  }

  save(): void {
    this.opened.push(0);
  }

  restore(): void {
    this.parts.push('</g>'.repeat(this.opened.pop() ?? 0));
  }

  setLineDash(dash: number[]): void {
    this.dash = dash;
  }

  /** Nothing is there before it is drawn. */
  clearRect(): void {
    this.parts.length = 0;
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.beginPath();
    this.rect(x, y, width, height);
    this.fill();
  }

  fillText(text: string, x: number, y: number): void {
    this.text(text, x, y, this.filled);
  }

  strokeText(text: string, x: number, y: number): void {
    this.text(text, x, y, this.stroked);
  }

  measureText(text: string): { width: number } {
    return { width: this.width(text, this.font) };
  }

  /** The drawing as a file: on a ground of that colour, below a title. */
  document(width: number, height: number, caption: Caption): string {
    const { title, description, axis, legend, ground, ink, family } = caption;
    const top = 30;
    const bottom = top + height;
    const whole = bottom + (legend.length === 0 ? 0 : legend.length * row + 10);
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}" font-family="${escape(family)}">`,
      `<title>${escape(title)}</title>`,
      `<desc>${escape(description)}</desc>`,
      `<rect width="100%" height="100%" fill="${ground}"/>`,
      `<text x="12" y="20" font-size="14" font-weight="600" fill="${ink}">${escape(title)}</text>`,
      `<g transform="translate(0 ${top})">`,
      ...this.parts,
      '</g>',
      `<text x="${width - 8}" y="${bottom - 7}" font-size="11" text-anchor="end" fill="${ink}">${escape(axis)}</text>`,
      ...legend.flatMap(({ color, width: thick, text }, i) => {
        const y = bottom + (i + 0.5) * row;
        return [
          `<path d="M12,${y}h24" stroke="${color}" stroke-width="${thick}"/>`,
          `<text x="44" y="${y}" dy="0.35em" font-size="11" fill="${ink}">${escape(text)}</text>`,
        ];
      }),
      '</svg>\n',
    ].join('\n');
  }

  private text(text: string, x: number, y: number, style: string): void {
    const anchor = anchors[this.textAlign] ?? 'start';
    const place = `x="${x.toFixed(1)}" y="${y.toFixed(1)}" dy="0.35em" text-anchor="${anchor}"`;
    this.parts.push(`<text ${place} ${this.lettered} ${style}>${escape(text)}</text>`);
  }

  /** Size and weight of the font; the family stands once at the top. */
  private get lettered(): string {
    const [, weight, size = '11'] = /^(?:(\d+) )?([\d.]+)px /.exec(this.font) ?? [];
    return `font-size="${size}"${weight === undefined ? '' : ` font-weight="${weight}"`}`;
  }

  private get filled(): string {
    return `fill="${colorOf(this.fillStyle)}"${this.opacity}`;
  }

  private get stroked(): string {
    const dash = this.dash.length > 0 ? ` stroke-dasharray="${this.dash.join(' ')}"` : '';
    const ends = ` stroke-linejoin="${this.lineJoin}" stroke-linecap="${this.lineCap}"`;
    return `fill="none" stroke="${colorOf(this.strokeStyle)}" stroke-width="${this.lineWidth}"${dash}${ends}${this.opacity}`;
  }

  private get opacity(): string {
    return this.globalAlpha < 1 ? ` opacity="${this.globalAlpha}"` : '';
  }
}

/** The height of a line of the legend. */
const row = 18;

/** What stands around a drawing. */
export interface Caption {
  readonly title: string;
  readonly description: string;
  /** What the horizontal axis counts. */
  readonly axis: string;
  /** Which run has which colour, below the drawing. */
  readonly legend: readonly { readonly color: string; readonly width: number; readonly text: string }[];
  readonly ground: string;
  readonly ink: string;
  /** The fonts of all its text, as CSS lists them. */
  readonly family: string;
}
