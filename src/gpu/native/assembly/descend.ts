import { scratch, task } from './crew';
import { firstOf, lastOf, put, shareElements, take } from './elements';
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
  shareElements(tile, count, max(pieces, 1));
}

function tile(index: i32): void {
  const d = changetype<Descend>(task);
  const first = firstOf(index);
  const count = lastOf(index, d.count) - first;
  memory.fill(scratch, 0, 4 * count);
  for (let piece = 0; piece < d.pieces; piece++) add(scratch, d.partial + 4 * (piece * d.count + first), count);
  takeStep(d.v, d.velocity, scratch, d.rates, d.mask, first, count);
}

/** sum[count] += terms[count]. */
function add(sum: usize, terms: usize, count: i32): void {
  for (let j = 0; j < count; j += 4) {
    const left = count - j;
    put(sum + 4 * j, f32x4.add(take(sum + 4 * j, left), take(terms + 4 * j, left)), left);
  }
}
