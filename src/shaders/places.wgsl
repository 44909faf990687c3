// Where the positions of a place are, and what they hear through: for conv-pullback.wgsl and conv-pullback4.wgsl.

// Row and column of place r in its cell.
fn placeOf(r: u32) -> vec2u { return vec2u(r % PLACES / STRIDE, r % STRIDE); }

// Row and column of position m, counted through all rows of cells, in its map.
fn positionOf(r: u32, m: u32) -> vec2u {
  return vec2u(m / (4u * ROW) % CELLS, m % (4u * ROW)) * STRIDE + placeOf(r);
}

// The first taps that lead to a place; the others follow in steps of STRIDE.
fn firstTap(r: u32) -> vec2u { return (placeOf(r) + PADDING) % STRIDE; }

// How many taps these are, down and across.
fn taps(r: u32) -> vec2u { return (max(vec2u(KERNEL), firstTap(r)) - firstTap(r) + STRIDE - 1u) / STRIDE; }

// The product's depth: what it hears of, each tap's channels filled up to whole fours.
fn depth(r: u32) -> u32 { return taps(r).x * taps(r).y * FOURS * 4u; }

// Tap `index` of those, down and across. A division of small numbers; of integers it is dear in software.
fn indexOf(r: u32, index: u32) -> vec2u {
  let across = taps(r).y;
  let down = u32((f32(index) + 0.5) / f32(across));
  return vec2u(down, index - down * across);
}

fn tapOf(r: u32, index: u32) -> vec2u { return firstTap(r) + indexOf(r, index) * STRIDE; }

// The output that a position of cell (0, 0) hears of through that tap.
fn outputOf(r: u32, index: u32) -> vec2u { return (placeOf(r) + PADDING) / STRIDE - indexOf(r, index); }
