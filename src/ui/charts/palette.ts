import { rules } from '../../model/rules/index.ts';
import { shadesOf } from './shades.ts';

/** The colours of tokens.css as a canvas takes them. */
export interface Palette {
  readonly surface: string;
  readonly ink: string;
  readonly inkSoft: string;
  readonly inkFaint: string;
  readonly lineStrong: string;
  readonly grid: string;
  readonly font: string;
  /** The colour of a learning rule, or a shade of it. */
  readonly rule: (id: string, shade?: number | null) => string;
}

/** The token of a rule's colour. */
export const ruleToken = (id: string): string => `--rule-${id}`;

/** Reads the tokens in force. The browser resolves `light-dark()` only where a property uses it: hence the probe. */
export function readPalette(): Palette {
  const probe = document.createElement('span');
  // A canvas keeps the page's colours where a visitor's own are forced upon the rest.
  probe.style.forcedColorAdjust = 'none';
  document.body.append(probe);
  const resolve = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colors = new Map(rules.map((rule) => [rule.id, resolve(ruleToken(rule.id))]));
  const [surface, ink] = [resolve('--surface'), resolve('--ink')];
  const shades = new Map([...colors].map(([id, color]) => [id, shadesOf(color, surface, ink)]));
  const palette: Palette = {
    surface,
    ink,
    inkSoft: resolve('--ink-soft'),
    inkFaint: resolve('--ink-faint'),
    lineStrong: resolve('--line-strong'),
    grid: resolve('--grid'),
    font: getComputedStyle(document.body).fontFamily,
    rule: (id, shade = null) => (shade === null ? colors.get(id) : shades.get(id)?.[shade]) ?? '',
  };
  probe.remove();
  return palette;
}
