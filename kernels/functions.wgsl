// Exponential and logarithm within a unit or two of the last place. The built-in ones may be wrong by 7e-6.
fn exp32(x: f32) -> f32 { return exp2of(vec2f(x, 0.0)); }

// Of a sum of two floats.
fn exp2of(x: vec2f) -> f32 {
  let high = clamp(x.x, -87.0, 88.0);
  let n = round(high * 1.4426950408889634);
  let r = (high - n * 0.693359375) + (n * 2.12194440e-4 + x.y);
  let q = 0.5 + r * (0.16666667 + r * (0.041666668 + r * (0.008333333 + r * (0.0013888889 + r * 1.984127e-4))));
  let p = 1.0 + (r + r * r * q);
  return bitcast<f32>(bitcast<i32>(p) + (i32(n) << 23u));
}

// For normal numbers above zero.
fn log32(x: f32) -> f32 {
  let bits = bitcast<i32>(x);
  let e = (bits - 0x3f3504f3) >> 23u;
  let m = bitcast<f32>(bits - (e << 23u));
  let f = (m - 1.0) / (m + 1.0);
  let s = f * f;
  let series = 2.0 * f * (1.0 + s * (0.33333334 + s * (0.2 + s * (0.14285715 + s * 0.11111111))));
  return series + f32(e) * 0.6931471805599453;
}
