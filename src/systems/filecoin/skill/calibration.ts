import { quantileOfSorted } from "../../../numeric/quantiles";
import { BAND_SHARES, type Bands } from "../batch/run/figures";
import type { HistorySnapshot } from "../history/snapshot";
import { OUTPUTS } from "../model/outputs";
import { scenarioFrom } from "../scenario";
import type { Rules } from "../schema/rules";
import type { OutputName } from "../schema/series";
import { type AnchorForecast, type AnchorInput, SCORED_SHARES } from "./anchorForecast";
import { firstAnchor } from "./pastHistory";

/**
 * How much wider or narrower bands must be than the model draws them, by what past bands were worth: split-conformal
 * scores, shrunk towards none where few independent spans stand behind them; docs/filecoin.md, "Calibrated bands".
 */
export interface Calibration {
  horizonsDays: readonly number[];
  /** By series, a factor for each horizon that past forecasts have reached. */
  factors: Partial<Record<OutputName, number[]>>;
}

/** Days between the past forecasts that bands are held against. */
const CALIBRATION_STEP_DAYS = 28;
const CALIBRATION_RUNS = 100;
const CALIBRATION_SEED = 1;
export const CALIBRATION_HORIZONS_DAYS = [30, 90, 180, 365] as const;
/** What the bands aim at where they are scored. */
const AIM = 0.9;
/** As many spans as the belief weighs that bands are right as they are drawn. */
const PRIOR_SPANS = 3;
const LEAST_SCORE = 0.05;
const WIDTH = SCORED_SHARES.length;
const MEDIAN = SCORED_SHARES.indexOf(0.5);

/**
 * The factors that a forecaster on a day could know: of past forecasts whose day had come by then.
 * @param today days from the start date
 */
export function calibrate(
  past: readonly AnchorForecast[],
  outputs: readonly OutputName[],
  horizonsDays: readonly number[],
  today: number,
): Calibration {
  const factors: Calibration["factors"] = {};
  for (const [o, output] of outputs.entries()) {
    const own: number[] = [];
    for (const [h, horizon] of horizonsDays.entries()) {
      const known = past.filter(({ day }) => day + horizon <= today);
      const at = o * horizonsDays.length + h;
      const scores = Float64Array.from(known.flatMap((one) => scoreAt(one, at))).sort();
      if (scores.length === 0) break;
      const spans = Math.floor((known.at(-1)!.day - known[0]!.day) / horizon) + 1;
      const found = Math.max(LEAST_SCORE, quantileOfSorted(scores, scores.length, AIM));
      own.push(found ** (spans / (spans + PRIOR_SPANS)));
    }
    if (own.length > 0) factors[output] = own;
  }
  return { horizonsDays, factors };
}

/** How far what came lay from the median, in half widths of the band on its side; in logarithms. */
function scoreAt({ actual, quantiles }: AnchorForecast, at: number): number[] {
  const [low, median, high] = [0, MEDIAN, WIDTH - 1].map((place) => quantiles[at * WIDTH + place]!);
  const came = actual[at]!;
  if (!(low! > 0 && median! > 0 && came > 0 && Number.isFinite(high))) return [];
  const away = Math.log(came / median!);
  const reach = Math.log((away > 0 ? high! : low!) / median!);
  return reach === 0 ? [] : [away / reach];
}

/** The factor at a distance: linear between the horizons, level before the first and after the last that is known. */
export function factorAt({ horizonsDays, factors }: Calibration, output: OutputName, days: number): number {
  const own = factors[output];
  if (own === undefined) return 1;
  const last = own.length - 1;
  if (days <= horizonsDays[0]!) return own[0]!;
  for (let h = 1; h <= last; h++) {
    const [from, to] = [horizonsDays[h - 1]!, horizonsDays[h]!];
    if (days <= to) return own[h - 1]! + ((own[h]! - own[h - 1]!) * (days - from)) / (to - from);
  }
  return own[last]!;
}

/** Moves quantiles away from or towards their median, in place, in logarithms so that what is positive stays so. */
function stretch(quantiles: Float64Array, from: number, count: number, median: number, factor: number): void {
  const middle = quantiles[from + median]!;
  if (!(middle > 0)) return;
  for (let k = from; k < from + count; k++) {
    if (quantiles[k]! > 0) quantiles[k] = middle * (quantiles[k]! / middle) ** factor;
  }
}

/** The quantiles of a past forecast with the factors that could be known on its day. */
export function calibratedForecast(
  one: AnchorForecast,
  past: readonly AnchorForecast[],
  outputs: readonly OutputName[],
  horizonsDays: readonly number[],
): AnchorForecast {
  const calibration = calibrate(past, outputs, CALIBRATION_HORIZONS_DAYS, one.day);
  const quantiles = one.quantiles.slice();
  for (const [o, output] of outputs.entries()) {
    for (const [h, days] of horizonsDays.entries()) {
      const at = (o * horizonsDays.length + h) * WIDTH;
      stretch(quantiles, at, WIDTH, MEDIAN, factorAt(calibration, output, days));
    }
  }
  return { ...one, quantiles };
}

/** The bands of a batch by its outputs and sampled days with these factors. */
export function calibratedBands(
  bands: Bands,
  calibration: Calibration,
  outputs: readonly OutputName[],
  sampledDays: Int32Array,
): Bands {
  const values = bands.values.slice();
  const width = BAND_SHARES.length;
  const median = BAND_SHARES.indexOf(0.5);
  for (const [o, output] of outputs.entries()) {
    for (const [d, day] of sampledDays.entries()) {
      stretch(values, (o * sampledDays.length + d) * width, width, median, factorAt(calibration, output, day));
    }
  }
  return { ...bands, values };
}

/** The past forecasts by which bands of these series are calibrated: of the live default, every fourth week. */
export function calibrationAnchors(
  history: HistorySnapshot,
  snapshotId: string,
  outputs: readonly OutputName[],
  rules: Rules,
): AnchorInput[] {
  const comparable = outputs.filter((name) => OUTPUTS[name].extent === "total");
  const scenario = scenarioFrom({ rules, model: "attrition" }, history.smoothed);
  const members = { rules, model: scenario.model, sector_duration_days: scenario.sectorDays };
  const first = firstAnchor("none", scenario.sectorDays);
  const last = history.renewalRate.length - 1 - CALIBRATION_HORIZONS_DAYS[0];
  const count = comparable.length === 0 ? 0 : Math.max(0, Math.floor((last - first) / CALIBRATION_STEP_DAYS) + 1);
  return Array.from({ length: count }, (_, i) => ({
    snapshotId,
    day: first + i * CALIBRATION_STEP_DAYS,
    outputs: comparable,
    horizonsDays: CALIBRATION_HORIZONS_DAYS,
    members,
    known: "none",
    runs: CALIBRATION_RUNS,
    method: "random_walk",
    fitWeeks: undefined,
    blockWeeks: 1,
    seed: CALIBRATION_SEED,
  }));
}
