// Ten order statistics of each column, exactly, by radix selection: one workgroup a column (docs/gpu.md, "Quantiles").
// A first histogram over the keys between least and most, then eight bits at a time about each wanted rank. Values that
// are no numbers do not count. `picks` holds for each rank its share in thousandths, times the numbers less one, and
// what is added before the division: 0 for the rank below, 999 for the one above. The mean comes from whole levels
// between least and most, whose sum is exact in whatever order it is made.
struct Params { entries: u32, stride: u32, firstColumn: u32, firstResult: u32, picks: array<vec4u, 10> }
@group(0) @binding(0) var<uniform> P: Params;
@group(0) @binding(1) var<storage, read> columns: array<u32>;
@group(0) @binding(2) var<storage, read_write> results: array<f32>;

const THREADS = 256u;
const FIRST_BINS = 2048u;
const LATER_BINS = 256u;
const RANKS = 10u;
const RESULT_FLOATS = 15u;
// A thread sums fewer than 8,192 of them.
const LEVELS = 524288.0;

var<workgroup> least: atomic<u32>;
var<workgroup> most: atomic<u32>;
var<workgroup> numbers: atomic<u32>;
var<workgroup> bins: array<atomic<u32>, 2560>;
var<workgroup> sums: array<u32, 256>;
var<workgroup> bucket: array<u32, 10>;
var<workgroup> rank: array<u32, 10>;
var<workgroup> group: array<u32, 10>;
var<workgroup> distinct: array<u32, 10>;
var<workgroup> distinctCount: u32;
var<workgroup> highHalves: atomic<u32>;
var<workgroup> lowHalves: atomic<u32>;
var<workgroup> span: u32;

// Keys are in the order of the numbers.
fn keyOf(bits: u32) -> u32 { return select(bits ^ 0x80000000u, ~bits, (bits & 0x80000000u) != 0u); }
fn valueOf(key: u32) -> f32 { return bitcast<f32>(select(~key, key ^ 0x80000000u, (key & 0x80000000u) != 0u)); }
fn isNumber(bits: u32) -> bool { return (bits & 0x7f800000u) != 0x7f800000u; }

fn clearBins(local: u32) {
  for (var i = local; i < 2560u; i += THREADS) { atomicStore(&bins[i], 0u); }
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) local: u32) {
  let first = (P.firstColumn + workgroup.x) * P.stride;
  if (local == 0u) { atomicStore(&least, 0xffffffffu); atomicStore(&most, 0u); atomicStore(&numbers, 0u); }
  if (local == 1u) { atomicStore(&highHalves, 0u); atomicStore(&lowHalves, 0u); }
  clearBins(local);
  workgroupBarrier();
  var low = 0xffffffffu;
  var high = 0u;
  var count = 0u;
  for (var i = local; i < P.entries; i += THREADS) {
    let bits = columns[first + i];
    if (isNumber(bits)) { let key = keyOf(bits); low = min(low, key); high = max(high, key); count++; }
  }
  atomicMin(&least, low);
  atomicMax(&most, high);
  atomicAdd(&numbers, count);
  workgroupBarrier();
  let base = atomicLoad(&least);
  let total = atomicLoad(&numbers);
  if (local == 0u) { span = select(atomicLoad(&most) - base, 0u, total == 0u); }
  let width = workgroupUniformLoad(&span);
  var shift = 0u;
  if (width >= FIRST_BINS) { shift = (32u - countLeadingZeros(width)) - 11u; }
  let bottom = select(valueOf(base), 0.0, total == 0u);
  let range = valueOf(base + width) - bottom;
  let perUnit = select(0.0, LEVELS / range, range > 0.0);
  var levels = 0u;
  for (var i = local; i < P.entries; i += THREADS) {
    let bits = columns[first + i];
    if (isNumber(bits)) {
      atomicAdd(&bins[(keyOf(bits) - base) >> shift], 1u);
      levels += u32((bitcast<f32>(bits) - bottom) * perUnit + 0.5);
    }
  }
  atomicAdd(&highHalves, levels >> 16u);
  atomicAdd(&lowHalves, levels & 0xffffu);
  workgroupBarrier();
  var sum = 0u;
  for (var i = 0u; i < 8u; i++) { sum += atomicLoad(&bins[local * 8u + i]); }
  sums[local] = sum;
  workgroupBarrier();
  if (local < RANKS && total > 0u) {
    var r = (P.picks[local].x * (total - 1u) + P.picks[local].y) / 1000u;
    var i = 0u;
    while (i < 255u && sums[i] <= r) { r -= sums[i]; i++; }
    i *= 8u;
    while (i < FIRST_BINS - 1u && atomicLoad(&bins[i]) <= r) { r -= atomicLoad(&bins[i]); i++; }
    bucket[local] = i;
    rank[local] = r;
  }
  workgroupBarrier();
  while (shift > 0u) {
    let next = select(shift - 8u, 0u, shift < 8u);
    let bits = shift - next;
    let mask = (1u << bits) - 1u;
    clearBins(local);
    if (local == 0u) {
      var found = 0u;
      for (var k = 0u; k < RANKS; k++) {
        var owner = found;
        for (var d = 0u; d < found; d++) { if (distinct[d] == bucket[k]) { owner = d; } }
        if (owner == found) { distinct[found] = bucket[k]; found++; }
        group[k] = owner;
      }
      distinctCount = found;
    }
    let buckets = workgroupUniformLoad(&distinctCount);
    for (var i = local; i < P.entries; i += THREADS) {
      let value = columns[first + i];
      if (isNumber(value)) {
        let key = keyOf(value) - base;
        let prefix = key >> shift;
        for (var d = 0u; d < buckets; d++) {
          if (distinct[d] == prefix) { atomicAdd(&bins[d * LATER_BINS + ((key >> next) & mask)], 1u); break; }
        }
      }
    }
    workgroupBarrier();
    if (local < RANKS && total > 0u) {
      var r = rank[local];
      let row = group[local] * LATER_BINS;
      var i = 0u;
      while (i < mask && atomicLoad(&bins[row + i]) <= r) { r -= atomicLoad(&bins[row + i]); i++; }
      bucket[local] = (bucket[local] << bits) | i;
      rank[local] = r;
    }
    workgroupBarrier();
    shift = next;
  }
  let at = (P.firstResult + workgroup.x) * RESULT_FLOATS;
  if (local < RANKS) { results[at + local] = valueOf(base + bucket[local]); }
  if (local == 0u) {
    results[at + RANKS] = f32(total);
    results[at + RANKS + 1u] = bottom;
    results[at + RANKS + 2u] = perUnit;
    results[at + RANKS + 3u] = f32(atomicLoad(&highHalves));
    results[at + RANKS + 4u] = f32(atomicLoad(&lowHalves));
  }
}
