// Sums of two floats: what a single one loses is kept in a second (docs/gpu.md, "Two floats"). The fence stands between
// an operation and the next: a driver that contracts or reorders them would turn the correction into zero.
fn fence(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ P.zero); }

fn add2(a: vec2f, b: f32) -> vec2f {
  let sum = fence(a.x + b);
  let part = fence(sum - a.x);
  let lost = (a.x - fence(sum - part)) + (b - part);
  let low = a.y + lost;
  let high = fence(sum + low);
  return vec2f(high, low - fence(high - sum));
}

// What the sum of two numbers loses in 32 bits.
fn lostInSum(a: f32, b: f32) -> f32 {
  let sum = fence(a + b);
  let part = fence(sum - a);
  return (a - fence(sum - part)) + (b - part);
}

fn isFinite32(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }
