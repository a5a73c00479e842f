import { epochDay, isoDateOf } from "../../../numeric/calendar";
import { RequestError } from "../../../platform/errors";
import type { Answer } from "../answers/answer";
import { rulesOf } from "../answers/provenance";
import type { AnswerOptions } from "../batch/answers/options";
import type { Size } from "../batch/budget";
import { USUAL_METHODS } from "../batch/request/orders";
import { WEEK_DAYS } from "../batch/request/rateProcess";
import { refusal } from "../batch/request/refusal";
import { costOf } from "../batch/run/cpuEngine";
import type { Delegate } from "../batch/run/delegate";
import { inLanes } from "../batch/run/lanes";
import type { BacktestRequest } from "../batch/schema/requests";
import { lastMeasuredDay } from "../history/measured";
import { shownDates } from "../history/reanchor";
import type { HistorySnapshot } from "../history/snapshot";
import { refuseIdle } from "../idleMembers";
import { MODEL_VERSION } from "../model/constants";
import { OUTPUTS } from "../model/outputs";
import { type ScenarioMembers, scenarioFrom } from "../scenario";
import type { OutputName } from "../schema/series";
import type { AnchorForecast, AnchorInput } from "./anchorForecast";
import { calibratedForecast, calibrationAnchors } from "./calibration";
import { firstAnchor, type Known } from "./pastHistory";

/** What is compared where nothing else is asked for. */
const USUAL_OUTPUTS: readonly OutputName[] = [
  "network_RBP_EIB",
  "network_QAP_EIB",
  "day_network_reward",
  "circ_supply",
  "network_locked",
  "day_pledge_per_QAP",
];

/** Preparing a past history costs about as much as so many ten-year runs. */
const PREPARING_RUNS = 10;

/** Forecasts from past days, checked against what the history allows, before any is made. */
export interface Backtest {
  size: Size;
  anchors: readonly AnchorInput[];
}

/** What one piece of work makes the answer of. */
export interface BacktestAnswerInput {
  about: Record<string, unknown>;
  anchors: readonly AnchorForecast[];
  outputs: readonly OutputName[];
  horizonsDays: readonly number[];
  startDay: number;
  lastMeasuredDay: number;
  format: AnswerOptions["format"];
}

/** @throws RequestError 422 when the history has no day from which such a forecast can be made and compared. */
export function backtestOf(request: BacktestRequest, history: HistorySnapshot, snapshotId: string): Backtest {
  const rules = request.rules ?? "mainnet";
  const scenario = scenarioFrom({ ...request, rules }, history.smoothed);
  const { model, sectorDays } = scenario;
  refuseIdle(scenario, request);
  const outputs = request.output ?? USUAL_OUTPUTS;
  const unfit = outputs.find((name) => OUTPUTS[name].extent !== "total");
  if (outputs.length === 0 || unfit !== undefined) {
    const expected = "series that a past day has: no expirations, no one-year returns";
    throw refusal(["output"], expected, unfit ?? "none");
  }
  const horizonsDays = [...new Set(request.horizons_days)].sort((a, b) => a - b);
  const known: Known = model === "attrition" ? "none" : (request.known_expirations ?? "flows");
  const days = anchorDays(request.anchors, known, history.renewalRate.length, sectorDays, horizonsDays[0]!);
  const { fit_weeks: fitWeeks, block_weeks: blockWeeks, runs, seed, ...rest } = request;
  const method = request.method ?? USUAL_METHODS[model];
  const members: ScenarioMembers = { ...rest, rules, model, sector_duration_days: sectorDays };
  const shared = { outputs, horizonsDays, members, known, runs, method, fitWeeks, blockWeeks, seed, snapshotId };
  const forecastDays = horizonsDays.at(-1)!;
  const costMs = days.length * costOf({ runs: runs + PREPARING_RUNS, forecastDays });
  return { size: { costMs, bytes: 0 }, anchors: days.map((day) => ({ day, ...shared })) };
}

/** Makes the forecasts and the answer. @throws RequestError 503 when the history has changed meanwhile. */
export async function runBacktest(
  { anchors }: Backtest,
  history: HistorySnapshot,
  delegate: Delegate,
  workers: number,
  { format, signal, onProgress }: AnswerOptions,
): Promise<Answer> {
  let done = 0;
  const tell = () => onProgress?.(++done, anchors.length + past.length);
  const [first] = anchors as [AnchorInput];
  const past = isCalibrated(first)
    ? calibrationAnchors(history, first.snapshotId, first.outputs, first.members.rules!)
    : [];
  const scored = await pastForecasts(past, delegate, workers, signal, tell);
  const drawn = await pastForecasts(anchors, delegate, workers, signal, tell);
  const made = drawn.map((one) => calibratedForecast(one, scored, first.outputs, first.horizonsDays));
  const [{ outputs, horizonsDays, snapshotId, seed, runs, known, method, fitWeeks, members }] = anchors as [
    AnchorInput,
  ];
  const startDay = epochDay(history.startDate)!;
  const lastMeasured = lastMeasuredDay(history.measured);
  const about = {
    source: history.source,
    dates: shownDates(history),
    stamp: { engine: "cpu-f64", model: MODEL_VERSION, snapshot: snapshotId, seed },
    ...rulesOf(members.rules!, members.model!, history),
    known_expirations: known,
    method: runs > 0 ? method : "none",
    runs_per_anchor: runs,
    fit_weeks: fitWeeks ?? null,
    anchors: anchors.map(({ day }) => isoDateOf(startDay + day)),
  };
  const input: BacktestAnswerInput = {
    about,
    anchors: made,
    outputs,
    horizonsDays,
    startDay,
    lastMeasuredDay: lastMeasured,
    format,
  };
  return delegate("filecoin.backtestAnswer", input);
}

/** Whether bands are served calibrated: those of levels that walk in the model that loses shares. */
function isCalibrated({ members, method, runs }: AnchorInput): boolean {
  return runs > 0 && members.model === "attrition" && method === "random_walk";
}

/** Makes forecasts from past days. @throws RequestError 503 when the history has changed meanwhile. */
export async function pastForecasts(
  anchors: readonly AnchorInput[],
  delegate: Delegate,
  workers: number,
  signal: AbortSignal | undefined,
  onEach?: () => void,
): Promise<AnchorForecast[]> {
  const made: AnchorForecast[] = [];
  await inLanes(
    workers,
    anchors.length,
    async (index) => {
      const one = await delegate("filecoin.backtestAnchor", anchors[index]!);
      if (one === undefined) {
        throw new RequestError(503, "The history was refreshed meanwhile. Send the request again.", { retryAfterS: 1 });
      }
      made[index] = one;
      onEach?.();
    },
    signal,
  );
  return made;
}

/**
 * Days with a long enough past and a future that came: every seventh, or evenly spaced ones, the earliest and the
 * latest of them included.
 */
function anchorDays(
  anchors: BacktestRequest["anchors"],
  known: Known,
  historyDays: number,
  sectorDays: number,
  shortestHorizon: number,
): number[] {
  const first = firstAnchor(known, sectorDays);
  const last = historyDays - 1 - shortestHorizon;
  if (first > last) {
    const need = `${first} days before an anchor and ${shortestHorizon + 1} after it`;
    const mend = "a shorter sector_duration_days or horizon, or known_expirations later_rows";
    throw refusal(["horizons_days"], `a history with ${need} (or ${mend})`, `${historyDays} days`);
  }
  if (anchors === "weekly") {
    // Whole weeks from the start, so that what needs more of a past begins later but on the same days.
    const week = Math.ceil(first / WEEK_DAYS);
    return Array.from({ length: Math.floor(last / WEEK_DAYS) - week + 1 }, (_, i) => (week + i) * WEEK_DAYS);
  }
  const count = Math.min(anchors, last - first + 1);
  if (count === 1) return [first];
  return Array.from({ length: count }, (_, i) => Math.round(first + ((last - first) * i) / (count - 1)));
}
