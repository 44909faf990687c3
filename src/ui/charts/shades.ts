import { interpolateLab, lab, range } from 'd3';
import type { Segment } from '../../model/curves.ts';

/** As many as are told apart at a glance; more runs of one rule are known by the numbers on their curves. */
const shades = 3;

/** The first is pale. */
const pale = 0.4;

/** How far a colour is mixed into the surface, or where below 0 into the ink: from where it is still seen to where it still is a colour. */
const mixes = range(-0.65, 0.66, 0.05);

/** Shades of a rule's colour for the runs before the present one, which alone has the colour itself: as far from each other as they can be. */
export function shadesOf(color: string, surface: string, ink: string): readonly string[] {
  const mixed = (mix: number): string => interpolateLab(color, mix < 0 ? ink : surface)(Math.abs(mix));
  const taken = [color, mixed(pale)];
  const free = mixes.map(mixed);
  const apart = (shade: string): number => Math.min(...taken.map((other) => difference(shade, other)));
  while (taken.length <= shades) taken.push(free.reduce((best, shade) => (apart(shade) > apart(best) ? shade : best)));
  return taken.slice(1);
}

/** As it is seen, above all by how light they are: that is the same for all eyes. */
function difference(one: string, other: string): number {
  const [p, q] = [lab(one), lab(other)];
  return Math.abs(p.l - q.l) + 0.3 * Math.hypot(p.l - q.l, p.a - q.a, p.b - q.b);
}

interface Taught {
  readonly segments: readonly Segment[];
}

/** Whether a rule taught both. */
export const shareRule = (one: Taught, other: Taught): boolean =>
  one.segments.some(({ rule }) => other.segments.some((segment) => segment.rule === rule));

/** The first of the shades that fewest runs of the same rules have. A run keeps it: its colour is to stay. */
export function freeShade(runs: readonly (Taught & { readonly shade: number })[], run: Taught): number {
  const taken = runs.filter((other) => shareRule(run, other)).map(({ shade }) => shade);
  const uses = (shade: number): number => taken.filter((other) => other === shade).length;
  return range(shades).reduce((best, shade) => (uses(shade) < uses(best) ? shade : best));
}
