// For an update whose tensor is whole: masked.wgsl without a mask, which need not be bound then.
fn cut4(r: u32, at: u32, u: vec4f) -> vec4f { return u; }

fn cut(r: u32, at: u32, u: f32) -> f32 { return u; }
