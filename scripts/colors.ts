/**
 * Prints colours that a new learning rule may take: those that, beside the colours of all others, are what palette.test.ts asks for.
 *
 *   npm run colors
 */
import {
  contrast,
  distance,
  eyes,
  leastContrast,
  leastDistance,
  ruleTokens,
  seen,
  themes,
  token,
} from '../src/ui/charts/vision-testing.ts';

/** Steps between the values of a channel that are tried. */
const stride = 5;

const channel = Array.from({ length: 255 / stride + 1 }, (_, i) => (i * stride).toString(16).padStart(2, '0'));
const candidates = channel.flatMap((r) => channel.flatMap((g) => channel.map((b) => `#${r}${g}${b}`)));

/** A colour as each kind of eyes sees it. */
const looks = (color: string) => Object.values(eyes).map((matrix) => seen(color, matrix));
type Looks = ReturnType<typeof looks>;

/** How far apart two colours are for the eyes that tell them apart least. */
const apart = (a: Looks, b: Looks): number => Math.min(...a.map((look, i) => distance(look, b[i])));

for (const [name, theme] of Object.entries(themes)) {
  const surface = token('--surface', theme);
  const taken = ruleTokens.map((rule) => looks(token(rule, theme)));
  const free: { color: string; own: Looks; margin: number }[] = [];
  for (const color of candidates.filter((each) => contrast(each, surface) >= leastContrast)) {
    const own = looks(color);
    const margin = Math.min(...taken.map((other) => apart(own, other)));
    if (margin >= leastDistance) free.push({ color, own, margin });
  }
  // Those that stand furthest apart, and none that looks like one before it.
  const shown: typeof free = [];
  for (const one of free.toSorted((a, b) => b.margin - a.margin))
    if (shown.every(({ own }) => apart(own, one.own) >= leastDistance)) shown.push(one);
  console.log(`${name}: ${shown.length === 0 ? 'no colour is free; move another first' : ''}`);
  for (const { color, margin } of shown)
    console.log(`  ${color}  ${margin.toFixed(1)} from the nearest rule, ${contrast(color, surface).toFixed(1)}:1`);
}
