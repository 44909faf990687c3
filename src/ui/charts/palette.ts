import { rules } from '../../model/rules/index.ts';

/** The colours of tokens.css as a canvas takes them. */
export interface Palette {
  readonly surface: string;
  readonly ink: string;
  readonly inkSoft: string;
  readonly inkFaint: string;
  readonly lineStrong: string;
  readonly grid: string;
  readonly font: string;
  /** The colour of a learning rule. */
  readonly rule: (id: string) => string;
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
  const palette: Palette = {
    surface: resolve('--surface'),
    ink: resolve('--ink'),
    inkSoft: resolve('--ink-soft'),
    inkFaint: resolve('--ink-faint'),
    lineStrong: resolve('--line-strong'),
    grid: resolve('--grid'),
    font: getComputedStyle(document.body).fontFamily,
    rule: (id) => colors.get(id) ?? '',
  };
  probe.remove();
  return palette;
}
