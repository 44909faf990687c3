import { scratch, task } from './crew';
import { firstOf, lastOf, put, shareElements, take } from './elements';
import { drawn, drawUnits } from './philox';

@unmanaged
class Mix {
  value: usize = 0;
  path: usize = 0;
  frozen: usize = 0;
  copied: usize = 0;
  count: i32 = 0;
  seed: u32 = 0;
  stream: u32 = 0;
  pathShare: f32 = 0;
  fixedShare: f32 = 0;
  explicit: bool = false;
}

/** value[count] = path (0 if explicit), frozen or copied, by a kind drawn once from (seed, stream). */
export function mix(
  value: usize,
  path: usize,
  frozen: usize,
  copied: usize,
  count: i32,
  seed: usize,
  stream: u32,
  pathShare: f32,
  fixedShare: f32,
  explicit: bool,
): void {
  const m = changetype<Mix>(task);
  m.value = value;
  m.path = path;
  m.frozen = frozen;
  m.copied = copied;
  m.count = count;
  m.seed = load<u32>(seed);
  m.stream = stream;
  m.pathShare = pathShare;
  m.fixedShare = fixedShare;
  m.explicit = explicit;
  shareElements(tile, count, 8);
}

function tile(index: i32): void {
  const m = changetype<Mix>(task);
  const last = lastOf(index, m.count);
  const toPath = f32x4.splat(m.pathShare);
  const toFixed = f32x4.splat(m.pathShare + m.fixedShare);
  for (let at = firstOf(index); at < last; at += drawn) {
    drawUnits(scratch, at, m.seed, m.stream, 0);
    for (let i = 0; i < drawn && at + i < last; i += 4) {
      const unit = v128.load(scratch + 4 * i);
      const left = last - at - i;
      const from = 4 * (at + i);
      const path = m.explicit ? f32x4.splat(0) : take(m.path + from, left);
      const others = v128.bitselect(take(m.frozen + from, left), take(m.copied + from, left), f32x4.lt(unit, toFixed));
      put(m.value + from, v128.bitselect(path, others, f32x4.lt(unit, toPath)), left);
    }
  }
}
