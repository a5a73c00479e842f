// Bins of a column: eleven segments, of which every other one is narrow about a quantile and finely divided. A segment
// is where it begins and how many bins a unit has. The first and the last bin also take what lies beyond them.
const SEGMENTS = 11u;
const WIDE_BINS = 64u;
const FINE_BINS = 320u;
const COLUMN_BINS = 1984u;

fn count(column: u32, value: f32) {
  let row = column * SEGMENTS;
  var segment = 0u;
  for (var k = 1u; k < SEGMENTS; k++) { segment += select(0u, 1u, value >= segments[row + k].x); }
  let found = segments[row + segment];
  let isFine = (segment & 1u) == 1u;
  let last = select(WIDE_BINS, FINE_BINS, isFine) - 1u;
  let first = (segment >> 1u) * (WIDE_BINS + FINE_BINS) + select(0u, WIDE_BINS, isFine);
  let bin = first + u32(clamp((value - found.x) * found.y, 0.0, f32(last)));
  atomicAdd(&bins[column * COLUMN_BINS + bin], P.weight);
}
