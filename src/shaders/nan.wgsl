// Whether a value is no number, by its bits: a compiler may take it that there is none, and fold x != x.
fn isNan(value: f32) -> bool { return (bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u; }
