import { fillNormal } from './rng.ts';

/**
 * A random matrix [rows][columns], rows ≤ columns, whose rows are orthonormal: Gram-Schmidt of a Gaussian, which is
 * the Q of its QR decomposition with positive signs, so it is drawn evenly from all such matrices. Each row is made
 * orthogonal twice: once is not enough in floating point (Giraud et al. 2005).
 */
export function orthogonalRows(
  rows: number,
  columns: number,
  seed: number,
  streamId: number,
): Float64Array<ArrayBuffer> {
  const q = new Float64Array(rows * columns);
  fillNormal(q, seed, streamId);
  for (let i = 0; i < rows; i++) {
    const row = q.subarray(i * columns, (i + 1) * columns);
    for (let round = 0; round < 2; round++)
      for (let j = 0; j < i; j++) {
        const other = j * columns;
        let dot = 0;
        for (let k = 0; k < columns; k++) dot += row[k] * q[other + k];
        for (let k = 0; k < columns; k++) row[k] -= dot * q[other + k];
      }
    let norm = 0;
    for (let k = 0; k < columns; k++) norm += row[k] * row[k];
    norm = Math.sqrt(norm);
    for (let k = 0; k < columns; k++) row[k] /= norm;
  }
  return q;
}
