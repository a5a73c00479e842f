import type { HistorySnapshot } from "../../history/snapshot";
import type { Scenario, ScenarioDefaults } from "../../scenario";
import { MAX_FORECAST_DAYS } from "../../schema/bounds";
import type { OutputName } from "../../schema/series";
import { type EngineChoice, MAX_ANSWER_VALUES, MAX_OUTPUTS } from "../schema/requests";
import type { InputName } from "../schema/variation";
import type { Design } from "./design";
import type { ScenarioPlan } from "./plan";
import { refusal } from "./refusal";
import { finestStep, MAX_SAMPLED_DAYS, sampledDays } from "./sampledDays";

/** Which part of the figures a CSV holds: it has room for one. */
export type BatchTable = "bands" | "points" | "series";

/** What a request asks for, checked against its limits, before anything is run. */
export interface BatchOrder {
  engine: EngineChoice;
  /** Where it is a design, its points are not yet laid out. */
  plan: ScenarioPlan | { kind: "design"; base: Scenario; inputs: readonly InputName[]; design: Design };
  runs: number;
  forecastDays: number;
  outputs: readonly OutputName[];
  sampledDays: Int32Array;
  wantsBands: boolean;
  pointDays: Int32Array;
  keptRuns: readonly { run: number; name?: string }[];
  /** What a CSV holds. */
  table: BatchTable;
  /** Members of the answer that tell how it came about. */
  about: Record<string, unknown>;
  seed?: number;
  /** Whether bands are made as wide as past ones had to be. */
  isCalibrated?: boolean;
}

/** What orders are made for. */
export interface OrderContext {
  history: HistorySnapshot;
  defaults: ScenarioDefaults;
}

/** What a batch keeps where nothing else is asked for. */
export const USUAL_OUTPUTS: readonly OutputName[] = [
  "circ_supply",
  "network_locked",
  "day_network_reward",
  "network_RBP_EIB",
  "1y_sector_roi",
];

const YEARS_AHEAD = [365, 1095, 1825, 3650];

/** The members of a request that say what its answer shows. */
interface ShownMembers {
  forecast_length_days?: number | undefined;
  output?: OutputName[] | undefined;
  step_days?: number | undefined;
  at_days?: number[] | undefined;
  engine: EngineChoice;
}

/** The series and days that a request names, or the usual ones. @throws RequestError 422 for a day beyond the last. */
export function shownBy(
  request: ShownMembers,
): Pick<BatchOrder, "engine" | "forecastDays" | "outputs" | "sampledDays" | "pointDays"> {
  const forecastDays = request.forecast_length_days ?? MAX_FORECAST_DAYS;
  const last = forecastDays - 1;
  const beyond = request.at_days?.find((day) => day > last);
  if (beyond !== undefined) throw refusal(["at_days"], `days up to the last of the forecast, ${last}`, String(beyond));
  const pointDays = request.at_days ?? YEARS_AHEAD.map((day) => Math.min(day, last));
  return {
    engine: request.engine,
    forecastDays,
    outputs: request.output ?? USUAL_OUTPUTS,
    sampledDays: sampledDays(forecastDays, request.step_days ?? finestStep(forecastDays)),
    pointDays: Int32Array.from(new Set(pointDays)).sort(),
  };
}

/**
 * The order itself.
 * @param maxValues most values that are kept of all runs
 * @throws RequestError 422 with the limit that it passes.
 */
export function withinLimits(order: BatchOrder, maxValues = MAX_ANSWER_VALUES): BatchOrder {
  const { outputs, sampledDays, pointDays, keptRuns, runs } = order;
  if (outputs.length < 1 || outputs.length > MAX_OUTPUTS) {
    throw refusal(["output"], `1 to ${MAX_OUTPUTS} series`, String(outputs.length));
  }
  if (sampledDays.length > MAX_SAMPLED_DAYS) {
    const step = Math.ceil(order.forecastDays / MAX_SAMPLED_DAYS);
    throw refusal(["step_days"], `${step} or more, for at most ${MAX_SAMPLED_DAYS} entries`, "less");
  }
  const beyond = keptRuns.find(({ run }) => run >= runs);
  if (beyond !== undefined) throw refusal(["keep_runs"], `numbers of runs below ${runs}`, String(beyond.run));
  const values = Math.max(runs * pointDays.length, keptRuns.length * sampledDays.length) * outputs.length;
  if (values > maxValues) {
    const expected = `at most ${maxValues} values in one answer; ask for fewer series, days or runs`;
    throw refusal(["output"], expected, String(values));
  }
  return order;
}
