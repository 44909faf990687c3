import { scratch, share, task } from './crew';
import { takeStep } from './sgd';

@unmanaged
class Descend {
  v: usize = 0;
  velocity: usize = 0;
  partial: usize = 0;
  rates: usize = 0;
  mask: usize = 0;
  count: i32 = 0;
  pieces: i32 = 0;
}

/** Connections of a tile: what they read and write stays in the L2 cache. */
const stretch: i32 = 1 << 13;
/** Connections from which on the helpers are asked: tens of microseconds of work. */
const worthSharing: i32 = 1 << 16;

/** One step of SGD on v[count], its gradient being the sum of partial[pieces,count]. */
export function descend(
  v: usize,
  velocity: usize,
  partial: usize,
  rates: usize,
  mask: usize,
  count: i32,
  pieces: i32,
  masked: bool,
): void {
  const d = changetype<Descend>(task);
  d.v = v;
  d.velocity = velocity;
  d.partial = partial;
  d.rates = rates;
  d.mask = masked ? mask : 0;
  d.count = count;
  d.pieces = pieces;
  share(tile, (count + stretch - 1) / stretch, count * max(pieces, 1) < worthSharing);
}

function tile(index: i32): void {
  const d = changetype<Descend>(task);
  const first = index * stretch;
  const count = min(stretch, d.count - first);
  memory.fill(scratch, 0, 4 * count);
  for (let piece = 0; piece < d.pieces; piece++) add(scratch, d.partial + 4 * (piece * d.count + first), count);
  takeStep(d.v, d.velocity, scratch, d.rates, d.mask, first, count);
}

/** sum[count] += terms[count]. */
function add(sum: usize, terms: usize, count: i32): void {
  const bytes: usize = 4 * count;
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) v128.store(sum + j, f32x4.add(v128.load(sum + j), v128.load(terms + j)));
  for (; j < bytes; j += 4) store<f32>(sum + j, load<f32>(sum + j) + load<f32>(terms + j));
}
