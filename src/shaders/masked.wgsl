// For an update whose tensor is cut: numbers whose mask bit is 0 do not move, their velocity u is 0. LENGTH is the number of
// bits of a replica.
@group(0) @binding(5) var<storage, read> mask: array<u32>; // [R][⌈LENGTH / 32⌉] bits

// Four neighbours from a multiple of 4 on, so that all four bits are in one word.
fn cut4(r: u32, at: u32, u: vec4f) -> vec4f {
  let bits = mask[r * ((LENGTH + 31u) / 32u) + at / 32u] >> (at % 32u);
  return select(vec4f(), u, (vec4u(bits) & vec4u(1u, 2u, 4u, 8u)) != vec4u());
}

fn cut(r: u32, at: u32, u: f32) -> f32 {
  let word = mask[r * ((LENGTH + 31u) / 32u) + at / 32u];
  return select(0.0, u, ((word >> (at % 32u)) & 1u) == 1u);
}
