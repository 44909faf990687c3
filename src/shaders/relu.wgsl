// max(value, 0), but NaN stays NaN, or a diverged network would look healthy. By its bits: where a compiler takes it that
// there is no NaN, as Metal's fast math does, `value < 0.0` may become a max.
fn relu(value: f32) -> f32 {
  let bits = bitcast<u32>(value);
  return select(value, 0.0, bits > 0x80000000u && bits <= 0xff800000u);
}

fn relu4(value: vec4f) -> vec4f {
  let bits = bitcast<vec4u>(value);
  return select(value, vec4f(), (bits > vec4u(0x80000000u)) & (bits <= vec4u(0xff800000u)));
}
