// The batch of this step: which images it takes, as bytes to normalised floats. Needs philox.wgsl in front.
const M: u32 = 64u; // examples of a batch
const N: u32 = 784u; // numbers of an image
const CHANNELS: u32 = 1u; // the last dimension of an image
const COUNT: u32 = 60000u; // images
const STEPS: u32 = 937u; // batches of an epoch
const SHUFFLE: bool = true;
const BYTES: bool = true; // four to a word; otherwise the words are floats, used as they are
const MEAN0: f32 = 0.1307; // of each channel
const MEAN1: f32 = 0.0;
const MEAN2: f32 = 0.0;
const STD0: f32 = 0.3081;
const STD1: f32 = 1.0;
const STD2: f32 = 1.0;

@group(0) @binding(0) var<storage, read_write> x: array<f32>; // [R][M][N]
@group(0) @binding(1) var<storage, read_write> labels: array<u32>; // [R][M]
@group(0) @binding(2) var<storage, read> images: array<u32>; // [COUNT][N] bytes or floats
@group(0) @binding(3) var<storage, read> classes: array<u32>; // [COUNT]
@group(0) @binding(4) var<storage, read> clock: array<u32>; // [R]
@group(0) @binding(5) var<storage, read> seed: array<u32>; // [R]

const SHUFFLE_STREAM: u32 = 6u;
var<workgroup> chosen: u32;

// One workgroup an example.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let m = group.x;
  let r = group.z;
  let step = clock[r];
  if (thread == 0u) {
    let position = min((step % STEPS) * M + m, COUNT - 1u);
    chosen = position;
    if (SHUFFLE) { chosen = shuffled(position, seed[r], step / STEPS); }
    labels[r * M + m] = classes[chosen];
  }
  let image = workgroupUniformLoad(&chosen);
  let mean = vec3f(MEAN0, MEAN1, MEAN2);
  let deviation = vec3f(STD0, STD1, STD2);
  for (var n = thread; n < N; n += 64u) {
    let i = image * N + n;
    var value = 0.0;
    if (BYTES) {
      let byte = (images[i / 4u] >> (8u * (i % 4u))) & 255u;
      let channel = n % CHANNELS;
      value = (f32(byte) / 255.0 - mean[channel]) / deviation[channel];
    } else {
      value = bitcast<f32>(images[i]);
    }
    x[(r * M + m) * N + n] = value;
  }
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
