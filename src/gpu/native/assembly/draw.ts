import { task } from './crew';

/** What the tiles of a tensor of random numbers have to know; it lies at `task`. */
@unmanaged
class Draw {
  value: usize = 0;
  count: i32 = 0;
  /** What a number of the plain law is multiplied by. */
  scale: f32 = 0;
  seed: u32 = 0;
  stream: u32 = 0;
  step: u32 = 0;
}

/** Describes numbers drawn from (seed, stream, clock); a clock of 0 stands for step 0. */
export function describeDraw(value: usize, count: i32, scale: f32, seed: usize, stream: u32, clock: usize): void {
  const d = draw();
  d.value = value;
  d.count = count;
  d.scale = scale;
  d.seed = load<u32>(seed);
  d.stream = stream;
  d.step = clock ? load<u32>(clock) : 0;
}

/** What was described. */
export function draw(): Draw {
  return changetype<Draw>(task);
}
