// Writes values that were worked out elsewhere into columns, or counts them in bins: `values` holds for each column the
// values of some runs one after the other, `places` where they stand.
struct Params { zero: u32, runs: u32, stride: u32, columns: u32, weight: u32, unused0: u32, unused1: u32, unused2: u32 }
@group(0) @binding(0) var<uniform> P: Params;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> places: array<u32>;
//#if histogram
@group(0) @binding(3) var<storage, read_write> bins: array<atomic<u32>>;
@group(0) @binding(4) var<storage, read> segments: array<vec2f>;
{{histogram}}
//#else
@group(0) @binding(3) var<storage, read_write> columns: array<f32>;
//#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  if (gid.x >= P.runs * P.columns) { return; }
  let column = gid.x / P.runs;
  let value = values[gid.x];
//#if histogram
  if ((bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u) { count(column, value); }
//#else
  columns[column * P.stride + places[gid.x - column * P.runs]] = value;
//#end
}
