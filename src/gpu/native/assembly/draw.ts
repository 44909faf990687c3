import { task } from './crew';

/** The description of a tensor of random numbers, for the threads that compute its tiles. It lies at `task`. */
@unmanaged
class Draw {
  value: usize = 0;
  count: i32 = 0;
  /** What the drawn numbers are multiplied by: a uniform's bound, or a normal's deviation. */
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

/** The present description. */
export function draw(): Draw {
  return changetype<Draw>(task);
}
