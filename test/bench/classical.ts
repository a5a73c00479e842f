/**
 * How good and how fast the built-in forecasting models are: MASE and coverage of the 80 % band over whole competitions, and
 * CPU time a series of 500 points, season 12, horizon 24.
 *
 *   python test/bench/forecastingSets.py sets.json && bun test/bench/classical.ts sets.json [EVERY, 1]
 */
import {
  CLASSICAL_IDS,
  type ClassicalId,
  forecastSeries,
} from "../../src/systems/forecasting/classical/forecastSeries";

interface Case {
  season: number;
  past: number[];
  future: number[];
}

const [file, every = "1"] = process.argv.slice(2);
const levels = [0.1, 0.9];

if (file !== undefined) {
  const sets: Record<string, Case[]> = await Bun.file(file).json();
  for (const model of CLASSICAL_IDS) {
    for (const [name, cases] of Object.entries(sets)) {
      const some = cases.filter((_, index) => index % Number(every) === 0);
      const { mase, coverage, count } = accuracyOf(model, some);
      console.log(
        `${model.padEnd(15)}${name.padEnd(9)}MASE ${mase.toFixed(3)}  80 % band held ${(100 * coverage).toFixed(1)} % (${count})`,
      );
    }
  }
}
for (const model of CLASSICAL_IDS)
  console.log(`${model.padEnd(15)}${seriesASecond(model).toFixed(0)} series a second of CPU`);

function accuracyOf(model: ClassicalId, cases: readonly Case[]) {
  const scores = cases.map((one) => judged(model, one));
  const scaled = scores.filter(({ mase }) => Number.isFinite(mase));
  const held = scores.reduce((sum, { held }) => sum + held, 0);
  const points = cases.reduce((sum, { future }) => sum + future.length, 0);
  const mase = scaled.reduce((sum, one) => sum + one.mase, 0) / scaled.length;
  return { mase, coverage: held / points, count: scaled.length };
}

/** The scaled error of one series (NaN where its past never changes by a season), and the points inside of the band. */
function judged(model: ClassicalId, { season, past, future }: Case) {
  const values = Float64Array.from(past);
  const seasons = season > 1 ? [season] : [];
  const { point, quantiles } = forecastSeries({
    values,
    seasons,
    horizon: future.length,
    levels,
    model,
    nonNegative: false,
  });
  let scale = 0;
  for (let t = season; t < past.length; t++) scale += Math.abs(past[t]! - past[t - season]!) / (past.length - season);
  const error = future.reduce((sum, value, step) => sum + Math.abs(value - point[step]!), 0) / future.length;
  const held = future.filter((value, step) => value >= quantiles[0]![step]! && value <= quantiles[1]![step]!).length;
  return { mase: scale > 0 ? error / scale : Number.NaN, held };
}

function seriesASecond(model: ClassicalId): number {
  const seconds = 2;
  const rows = Array.from({ length: 16 }, (_, row) => madeSeries(row));
  const run = (index: number) =>
    forecastSeries({
      values: rows[index % rows.length]!,
      seasons: [12],
      horizon: 24,
      levels,
      model,
      nonNegative: "auto",
    });
  for (let index = 0; index < rows.length; index++) run(index);
  const began = process.cpuUsage();
  let count = 0;
  while (process.cpuUsage(began).user < seconds * 1e6) run(count++);
  return count / (process.cpuUsage(began).user / 1e6);
}

/** A trend, a season and noise by a small generator of its own. */
function madeSeries(seed: number): Float64Array {
  let state = seed + 1;
  const noise = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  };
  return Float64Array.from({ length: 500 }, (_, t) => 100 + t / 5 + 20 * Math.sin((t * Math.PI) / 6) + 15 * noise());
}
