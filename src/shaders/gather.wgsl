// A batch: which images it takes, shifted and mirrored if AUGMENT, as bytes to normalised floats. Needs philox.wgsl in
// front. A workgroup takes an example; each of its threads finds out by itself which image that is, as waiting for one
// another would take longer.
const M: u32 = 64u; // examples of a batch
const N: u32 = 784u; // numbers of an image
const WIDTH: u32 = 28u; // the last two dimensions of an image
const CHANNELS: u32 = 1u;
const COUNT: u32 = 60000u; // images
const STEPS: u32 = 937u; // batches of an epoch
const AHEAD: u32 = 0u; // steps from the clock to that of the batch
const SHUFFLE: bool = true;
const AUGMENT: bool = false; // shift by up to 4 pixels, black coming in, and mirror every other image
const BYTES: bool = true; // four to a word; otherwise the words are floats, used as they are
const SPLIT: u32 = 11760000u; // words in images; the rest is in more
const MEAN0: f32 = 0.1307; // of each channel
const MEAN1: f32 = 0.0;
const MEAN2: f32 = 0.0;
const STD0: f32 = 0.3081;
const STD1: f32 = 1.0;
const STD2: f32 = 1.0;
const SHUFFLE_STREAM: u32 = 6u;
const AUGMENT_STREAM: u32 = 8u;

@group(0) @binding(0) var<storage, read_write> x: array<f32>; // [R][M][N]
@group(0) @binding(1) var<storage, read_write> labels: array<u32>; // [R][M]
@group(0) @binding(2) var<storage, read> images: array<u32>; // [COUNT][N] bytes or floats
@group(0) @binding(3) var<storage, read> more: array<u32>; // what does not fit into one binding
@group(0) @binding(4) var<storage, read> classes: array<u32>; // [COUNT]
@group(0) @binding(5) var<storage, read> clock: array<u32>; // [R]
@group(0) @binding(6) var<storage, read> seed: array<u32>; // [R]

const HEIGHT: u32 = N / (WIDTH * CHANNELS);
const MARGIN: u32 = 4u;
const THREADS: u32 = 64u;
// Whether four numbers of x are four bytes of one word.
const WORDS: bool = BYTES && !AUGMENT && N % 4u == 0u;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let m = group.x;
  let r = group.z;
  let step = clock[r] + AHEAD;
  let position = ((step % STEPS) * M + m) % COUNT;
  var image = position;
  if (SHUFFLE) { image = shuffled(position, seed[r], step / STEPS); }
  if (thread == 0u) { labels[r * M + m] = classes[image]; }
  var shift = vec3u(MARGIN, MARGIN, 0u); // how far down and to the right, and whether mirrored
  if (AUGMENT) {
    let words = philox(vec4u(image, step, 0u, 0u), vec2u(seed[r], AUGMENT_STREAM));
    shift = vec3u(words.xy % (2u * MARGIN + 1u), words.z % 2u);
  }
  let row = (r * M + m) * N;
  if (WORDS) {
    for (var n = thread * 4u; n < N; n += THREADS * 4u) {
      let bytes = unpack4x8unorm(word((image * N + n) / 4u));
      for (var i = 0u; i < 4u; i++) { x[row + n + i] = normalised(bytes[i], n + i); }
    }
  } else {
    for (var n = thread; n < N; n += THREADS) { x[row + n] = normalised(shifted(image, n, shift), n); }
  }
}

fn normalised(value: f32, n: u32) -> f32 {
  let mean = vec3f(MEAN0, MEAN1, MEAN2);
  let deviation = vec3f(STD0, STD1, STD2);
  if (BYTES) { return (value - mean[n % CHANNELS]) / deviation[n % CHANNELS]; }
  return value;
}

// Number n of an image that was moved; 0 where nothing of it is.
fn shifted(image: u32, n: u32, shift: vec3u) -> f32 {
  var column = n / CHANNELS % WIDTH;
  if (shift.z == 1u) { column = WIDTH - 1u - column; }
  // What would lie in front of the image wraps round and is far behind.
  let at = vec2u(n / CHANNELS / WIDTH, column) + shift.xy - MARGIN;
  if (at.x >= HEIGHT || at.y >= WIDTH) { return 0.0; }
  let i = image * N + (at.x * WIDTH + at.y) * CHANNELS + n % CHANNELS;
  if (BYTES) { return f32((word(i / 4u) >> (8u * (i % 4u))) & 255u) / 255.0; }
  return bitcast<f32>(word(i));
}

fn word(i: u32) -> u32 {
  if (i < SPLIT) { return images[i]; }
  return more[i - SPLIT];
}

// Where position `position` of the shuffled epoch sits: a Feistel network over pairs below SIDE, see model/rng.ts. The
// walk outside [0, COUNT) is short; its bound only keeps a fault from hanging the GPU.
fn shuffled(position: u32, key: u32, epoch: u32) -> u32 {
  let side = u32(ceil(sqrt(f32(COUNT))));
  var at = position;
  for (var walk = 0u; walk < 1024u; walk++) {
    var a = at / side;
    var b = at % side;
    for (var round = 0u; round < 4u; round++) {
      let next = (a + philox(vec4u(b, epoch, round, 0u), vec2u(key, SHUFFLE_STREAM)).x % side) % side;
      a = b;
      b = next;
    }
    at = a * side + b;
    if (at < COUNT) { break; }
  }
  return at;
}
