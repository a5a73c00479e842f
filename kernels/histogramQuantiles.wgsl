// Where ten ranks lie in the bins of each column: one workgroup a column. A result is the place in widths of its bin,
// turned into a value, the width of that bin (below zero at either end, whose bins are open), and how many counted.
struct Params { columns: u32, first: u32, unused0: u32, unused1: u32, picks: array<vec4u, 10> }
@group(0) @binding(0) var<uniform> P: Params;
@group(0) @binding(1) var<storage, read> bins: array<u32>;
@group(0) @binding(2) var<storage, read> segments: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> results: array<f32>;

const SEGMENTS = 11u;
const WIDE_BINS = 64u;
const FINE_BINS = 320u;
const COLUMN_BINS = 1984u;
const THREADS = 64u;
const PER_THREAD = 31u;
const RANKS = 10u;
const RESULT_FLOATS = 21u;

var<workgroup> sums: array<u32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) local: u32) {
  let column = P.first + workgroup.x;
  let row = column * COLUMN_BINS;
  var sum = 0u;
  for (var i = 0u; i < PER_THREAD; i++) { sum += bins[row + local * PER_THREAD + i]; }
  sums[local] = sum;
  workgroupBarrier();
  if (local >= RANKS) { return; }
  var total = 0u;
  for (var i = 0u; i < THREADS; i++) { total += sums[i]; }
  let at = column * RESULT_FLOATS;
  if (local == 0u) { results[at + 2u * RANKS] = f32(total); }
  if (total == 0u) { return; }
  var r = (P.picks[local].x * (total - 1u) + P.picks[local].y) / 1000u;
  var i = 0u;
  while (i < THREADS - 1u && sums[i] <= r) { r -= sums[i]; i++; }
  i *= PER_THREAD;
  while (i < COLUMN_BINS - 1u && bins[row + i] <= r) { r -= bins[row + i]; i++; }
  let pair = i / (WIDE_BINS + FINE_BINS);
  let inPair = i - pair * (WIDE_BINS + FINE_BINS);
  let isFine = inPair >= WIDE_BINS;
  let found = segments[column * SEGMENTS + 2u * pair + select(0u, 1u, isFine)];
  let bin = select(inPair, inPair - WIDE_BINS, isFine);
  let place = f32(bin) + (f32(r) + 0.5) / f32(max(1u, bins[row + i]));
  results[at + local] = found.x + place / found.y;
  results[at + RANKS + local] = select(1.0 / found.y, -1.0, i == 0u || i == COLUMN_BINS - 1u);
}
