// The project's own chance (src/platform/random.ts): xoshiro128** seeded through splitmix32, and the normal quantile of
// its draws. A draw has 53 bits, of which 32 bits of arithmetic need the first 32.
// Normal quantile: M. Wichura, "Algorithm AS 241", 1988, PPND7.
var<private> s0: u32;
var<private> s1: u32;
var<private> s2: u32;
var<private> s3: u32;

fn splitmix(z: u32) -> u32 {
  var x = (z ^ (z >> 16u)) * 0x85ebca6bu;
  x = (x ^ (x >> 13u)) * 0xc2b2ae35u;
  return x ^ (x >> 16u);
}

fn seedChance(seed: u32) {
  s0 = splitmix(seed + 0x9e3779b9u);
  s1 = splitmix(seed + 2u * 0x9e3779b9u);
  s2 = splitmix(seed + 3u * 0x9e3779b9u);
  s3 = splitmix(seed + 4u * 0x9e3779b9u);
}

fn rotateLeft(x: u32, bits: u32) -> u32 { return (x << bits) | (x >> (32u - bits)); }

fn nextWord() -> u32 {
  let result = rotateLeft(s1 * 5u, 7u) * 9u;
  let shifted = s1 << 9u;
  s2 ^= s0; s3 ^= s1; s1 ^= s2; s0 ^= s3; s2 ^= shifted; s3 = rotateLeft(s3, 11u);
  return result;
}

fn mulHigh(a: u32, b: u32) -> u32 {
  let al = a & 0xffffu; let ah = a >> 16u; let bl = b & 0xffffu; let bh = b >> 16u;
  let middle = ah * bl + ((al * bl) >> 16u);
  let other = al * bh + (middle & 0xffffu);
  return ah * bh + (middle >> 16u) + (other >> 16u);
}

// An integer below the limit.
fn below(limit: u32) -> u32 {
  let high = nextWord();
  let low = nextWord() & 0xfffff800u;
  let fraction = high * limit;
  let carried = fraction + mulHigh(low, limit);
  return mulHigh(high, limit) + select(0u, 1u, carried < fraction);
}

fn standardDraw() -> f32 {
  let high = nextWord();
  let low = nextWord();
  let q = f32(i32(high ^ 0x80000000u)) * 2.3283064365386963e-10;
  if (abs(q) <= 0.425) {
    let r = 0.180625 - q * q;
    return q * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)
      / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0);
  }
  let isUpper = q > 0.0;
  let rest = select(f32(low), 4294967296.0 - f32(low), isUpper) * 2.3283064365386963e-10;
  let tail = (f32(select(high, ~high, isUpper)) + rest) * 2.3283064365386963e-10;
  var r = sqrt(-log32(max(tail, 1e-30)));
  var size: f32;
  if (r <= 5.0) {
    r -= 1.6;
    size = (((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777)
      / ((0.12021132975 * r + 0.73700164250) * r + 1.0);
  } else {
    r -= 5.0;
    size = (((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150)
      / ((0.012258202635 * r + 0.24197894225) * r + 1.0);
  }
  return select(-size, size, isUpper);
}

// The logarithm of a draw between 0 and 1; near 1 by what is missing to it, which has all its digits.
fn logOfDraw() -> f32 {
  let high = nextWord();
  let low = f32(nextWord());
  if (high < 0x80000000u) {
    return log32(max((f32(high) + low * 2.3283064365386963e-10) * 2.3283064365386963e-10, 1e-30));
  }
  let rest = (f32(~high) + (4294967296.0 - low) * 2.3283064365386963e-10) * 2.3283064365386963e-10;
  let f = rest / (2.0 - rest);
  let s = f * f;
  return -2.0 * f * (1.0 + s * (0.33333334 + s * (0.2 + s * (0.14285715 + s * (0.11111111 + s * (0.09090909
    + s * 0.07692308))))));
}

// The share of the standard normal distribution below z: Hart's form as given by G. West, 2005.
fn normalShare(z: f32) -> f32 {
  let x = abs(z);
  if (x > 12.0) { return select(0.0, 1.0, z > 0.0); }
  let density = exp32(-0.5 * x * x);
  var tail: f32;
  if (x < 7.0710678) {
    let top = (((((0.0352624966 * x + 0.700383064) * x + 6.37396220) * x + 33.9128661) * x + 112.079291) * x
      + 221.213596) * x + 220.206868;
    let bottom = ((((((0.0883883476 * x + 1.75566716) * x + 16.0641776) * x + 86.7807322) * x + 296.564249) * x
      + 637.333633) * x + 793.826513) * x + 440.413736;
    tail = density * top / bottom;
  } else {
    tail = density / (x + 1.0 / (x + 2.0 / (x + 3.0 / (x + 4.0 / (x + 0.65))))) * 0.3989422804;
  }
  return select(tail, 1.0 - tail, z > 0.0);
}
