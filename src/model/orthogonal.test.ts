import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orthogonalRows } from './orthogonal.ts';

test('rows are orthonormal', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 }), fc.nat(20), fc.nat(), (rows, more, seed) => {
      const columns = rows + more;
      const drawing = orthogonalRows(rows, columns, seed, 3);
      for (let row = 0; row < rows; row++) expect(drawing.next().done).toBe(false);
      const q = drawing.next().value as Float64Array;
      for (let i = 0; i < rows; i++)
        for (let j = 0; j <= i; j++) {
          let dot = 0;
          for (let k = 0; k < columns; k++) dot += q[i * columns + k] * q[j * columns + k];
          expect(Math.abs(dot - Number(i === j))).toBeLessThan(1e-12);
        }
    }),
  );
});
