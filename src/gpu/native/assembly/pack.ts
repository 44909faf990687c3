import { blockColumns } from './block';

/**
 * Packs columns of a matrix as a block reads them: to[depth,8] = from[depth, `columns` of 8]. Rows of `from` are `row` bytes
 * apart. What lies beyond the columns is left as it is.
 */
export function packColumns(to: usize, from: usize, row: usize, columns: i32, depth: i32): void {
  if (columns === blockColumns)
    for (; depth > 0; depth--, to += 32, from += row) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    }
  else
    for (; depth > 0; depth--, to += 32, from += row)
      for (let j: usize = 0; j < <usize>columns; j++) store<f32>(to + 4 * j, load<f32>(from + 4 * j));
}

/** Packs rows of a matrix, transposed into such columns: to[depth,8] = from[`rows` of 8, depth]ᵀ. */
export function packRows(to: usize, from: usize, row: usize, rows: i32, depth: i32): void {
  packFourRows(to, from, row, rows, depth);
  packFourRows(to + 16, from + 4 * row, row, rows - 4, depth);
}

function packFourRows(to: usize, from: usize, row: usize, rows: i32, depth: i32): void {
  if (rows <= 0) return;
  // A missing row is replaced by its neighbour: its results do not matter.
  const b = rows > 1 ? row : 0;
  const c = rows > 2 ? row * 2 : 0;
  const d = rows > 3 ? row * 3 : 0;
  for (; depth >= 4; depth -= 4, from += 16, to += 128) {
    const r0 = v128.load(from);
    const r1 = v128.load(from + b);
    const r2 = v128.load(from + c);
    const r3 = v128.load(from + d);
    const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
    v128.store(to, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), 32);
    v128.store(to, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), 64);
    v128.store(to, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), 96);
  }
  for (; depth > 0; depth--, from += 4, to += 32) {
    store<f32>(to, load<f32>(from));
    store<f32>(to, load<f32>(from + b), 4);
    store<f32>(to, load<f32>(from + c), 8);
    store<f32>(to, load<f32>(from + d), 12);
  }
}
