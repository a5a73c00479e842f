// Known sums and functions, by which a device shows what its arithmetic is worth (docs/gpu.md, "Self-test").
struct Params { zero: u32, addends: u32, arguments: u32, unused: u32 }
@group(0) @binding(0) var<uniform> P: Params;
@group(0) @binding(1) var<storage, read> addends: array<f32>;
@group(0) @binding(2) var<storage, read_write> results: array<f32>;

{{twoFloat}}
{{functions}}

fn addUnfenced(a: vec2f, b: f32) -> vec2f {
  let sum = a.x + b;
  let part = sum - a.x;
  let lost = (a.x - (sum - part)) + (b - part);
  let low = a.y + lost;
  let high = sum + low;
  return vec2f(high, low - (high - sum));
}

@compute @workgroup_size(1)
fn main() {
  var fenced = vec2f(6.0e8, 0.0);
  var unfenced = vec2f(6.0e8, 0.0);
  var plain = 6.0e8;
  for (var i = 0u; i < P.addends; i++) {
    fenced = add2(fenced, addends[i]);
    unfenced = addUnfenced(unfenced, addends[i]);
    plain += addends[i];
  }
  results[0] = fenced.x;
  results[1] = fenced.y;
  results[2] = unfenced.x;
  results[3] = unfenced.y;
  results[4] = plain;
  for (var i = 0u; i < P.arguments; i++) {
    let x = addends[i] * 0.025;
    results[5u + i] = exp32(x);
    results[5u + P.arguments + i] = log32(1.5 + abs(x));
  }
}
