// Proves that an adapter runs kernels and that what it computes comes back: each value becomes 2x + 1.
@group(0) @binding(0) var<storage, read_write> values: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) invocation: vec3u) {
  let i = invocation.x;
  if (i >= arrayLength(&values)) { return; }
  values[i] = 2.0 * values[i] + 1.0;
}
