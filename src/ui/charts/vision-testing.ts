import { readFileSync } from 'node:fs';
import { lab, type LabColor, rgb } from 'd3';

const css = readFileSync(new URL('../tokens.css', import.meta.url), 'utf8');

/** Every rule's token that has a colour; a rule that is being written may have none yet. */
export const ruleTokens: readonly string[] = css.match(/--rule-\w+(?=: light-dark)/g) ?? [];

type Matrix = readonly (readonly [number, number, number])[];

/** How far any two rules stand apart at least, for all eyes: ΔE in CIELAB. */
export const leastDistance = 15;
/** The contrast of every rule to the surface at least. */
export const leastContrast = 3;

/** The place of a theme in a token's pair of colours. */
export const themes = { light: 0, dark: 1 } as const;
type Theme = (typeof themes)[keyof typeof themes];

/** What eyes see: Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB. */
export const eyes: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const linear = (byte: number): number => (byte <= 10.31475 ? byte / 3294.6 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
const encoded = (value: number): number => {
  const v = Math.min(1, Math.max(0, value));
  return 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
};
const channels = (color: string): [number, number, number] => {
  const { r, g, b } = rgb(color);
  return [linear(r), linear(g), linear(b)];
};

/** A colour as eyes see it. */
export function seen(color: string, matrix: Matrix): LabColor {
  const [r, g, b] = channels(color);
  const [sr, sg, sb] = matrix.map((row) => encoded(row[0] * r + row[1] * g + row[2] * b)) as [number, number, number];
  return lab(rgb(sr, sg, sb));
}

/** How far apart two colours are seen: ΔE of 1976. */
export const distance = (p: LabColor, q: LabColor): number => Math.hypot(p.l - q.l, p.a - q.a, p.b - q.b);

const luminance = (color: string): number => {
  const [r, g, b] = channels(color);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
/** As in WCAG 2, from 1 to 21. */
export const contrast = (a: string, b: string): number => {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
};

/** A token's colour in the light (0) or dark (1) theme. */
export function token(name: string, theme: Theme): string {
  const pair = new RegExp(`${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css);
  const color = pair?.[theme + 1];
  if (color === undefined) throw new Error(`tokens.css has no ${name}.`);
  return color;
}
