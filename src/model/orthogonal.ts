import { fillNormal } from './rng.ts';

/**
 * A random matrix [rows][columns], rows ≤ columns, whose rows are orthonormal: Gram-Schmidt of a Gaussian, which is
 * the Q of its QR decomposition with positive signs, so it is drawn evenly from all such matrices. A row of which more than
 * half is lost is made orthogonal once more: then once is not enough in floating point (Giraud et al. 2005). A large one takes
 * long: between rows it yields, so that whoever draws it can do something else.
 */
export function* orthogonalRows(
  rows: number,
  columns: number,
  seed: number,
  streamId: number,
): Generator<void, Float64Array<ArrayBuffer>> {
  const q = new Float64Array(rows * columns);
  fillNormal(q, seed, streamId);
  const nothing = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    /** A row that is done; others count as nothing. */
    const done = (j: number): Float64Array => (j < i ? q.subarray(j * columns, (j + 1) * columns) : nothing);
    const row = q.subarray(i * columns, (i + 1) * columns);
    let length = norm(row);
    for (let before = Infinity; length < before / 2;) {
      before = length;
      for (let j = 0; j < i; j += 4) subtractFour(row, done(j), done(j + 1), done(j + 2), done(j + 3));
      length = norm(row);
    }
    for (let k = 0; k < columns; k++) row[k] /= length;
    yield;
  }
  return q;
}

const norm = (row: Float64Array): number => Math.sqrt(row.reduce((sum, each) => sum + each * each, 0));

/** Takes from a row what lies along four others of norm 1. Four sums at once wait for one another no more than one does. */
function subtractFour(row: Float64Array, a: Float64Array, b: Float64Array, c: Float64Array, d: Float64Array): void {
  let [alongA, alongB, alongC, alongD] = [0, 0, 0, 0];
  for (let k = 0; k < row.length; k++) {
    alongA += row[k] * a[k];
    alongB += row[k] * b[k];
    alongC += row[k] * c[k];
    alongD += row[k] * d[k];
  }
  for (let k = 0; k < row.length; k++) row[k] -= alongA * a[k] + alongB * b[k] + alongC * c[k] + alongD * d[k];
}
