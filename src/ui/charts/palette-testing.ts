import type { Palette } from './palette.ts';
import type { Caption } from './pen.ts';

/** A palette whose colours can be told apart in an SVG. */
export const testPalette: Palette = {
  surface: 'white',
  ink: 'black',
  inkSoft: 'dimgray',
  inkFaint: 'gray',
  lineStrong: 'silver',
  grid: 'lightgray',
  font: '"A & B", sans-serif',
  rule: () => 'rgb(10, 20, 30)',
};

/** What stands around an SVG whose drawing alone matters. */
export const testCaption: Caption = {
  title: '',
  description: '',
  axis: '',
  legend: [],
  ground: 'white',
  ink: 'black',
  family: testPalette.font,
};
