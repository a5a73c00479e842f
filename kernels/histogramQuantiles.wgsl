// Where ten ranks lie in the bins of each column: one workgroup a column. A result is the place in widths of its bin,
// turned into a value, the width of that bin (below zero at either end, whose bins are open), how many counted, and
// their mean, each taken at the middle of its bin.
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
const RESULT_FLOATS = 22u;

var<workgroup> sums: array<u32, 64>;
var<workgroup> moments: array<f32, 64>;

// The segment of a bin, and its number there.
fn placeOf(bin: u32) -> vec2u {
  let pair = bin / (WIDE_BINS + FINE_BINS);
  let inPair = bin - pair * (WIDE_BINS + FINE_BINS);
  let isFine = inPair >= WIDE_BINS;
  return vec2u(2u * pair + select(0u, 1u, isFine), select(inPair, inPair - WIDE_BINS, isFine));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) local: u32) {
  let column = P.first + workgroup.x;
  let row = column * COLUMN_BINS;
  let origin = segments[column * SEGMENTS].x;
  var sum = 0u;
  var moment = 0.0;
  for (var i = 0u; i < PER_THREAD; i++) {
    let bin = local * PER_THREAD + i;
    let count = bins[row + bin];
    let place = placeOf(bin);
    let segment = segments[column * SEGMENTS + place.x];
    sum += count;
    // Small numbers about the first segment keep their digits.
    if (count > 0u) { moment += f32(count) * ((segment.x - origin) + (f32(place.y) + 0.5) / segment.y); }
  }
  sums[local] = sum;
  moments[local] = moment;
  workgroupBarrier();
  if (local >= RANKS) { return; }
  var total = 0u;
  for (var i = 0u; i < THREADS; i++) { total += sums[i]; }
  let at = column * RESULT_FLOATS;
  if (local == 0u) {
    var whole = 0.0;
    for (var i = 0u; i < THREADS; i++) { whole += moments[i]; }
    results[at + 2u * RANKS] = f32(total);
    results[at + 2u * RANKS + 1u] = origin + whole / f32(max(1u, total));
  }
  if (total == 0u) { return; }
  var r = (P.picks[local].x * (total - 1u) + P.picks[local].y) / 1000u;
  var i = 0u;
  while (i < THREADS - 1u && sums[i] <= r) { r -= sums[i]; i++; }
  i *= PER_THREAD;
  while (i < COLUMN_BINS - 1u && bins[row + i] <= r) { r -= bins[row + i]; i++; }
  let binPlace = placeOf(i);
  let found = segments[column * SEGMENTS + binPlace.x];
  let place = f32(binPlace.y) + (f32(r) + 0.5) / f32(max(1u, bins[row + i]));
  results[at + local] = found.x + place / found.y;
  results[at + RANKS + local] = select(1.0 / found.y, -1.0, i == 0u || i == COLUMN_BINS - 1u);
}
