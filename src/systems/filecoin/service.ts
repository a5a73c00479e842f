import type { WorkConditions } from "../../platform/compute/pool";
import { RequestError } from "../../platform/errors";
import type { Platform } from "../../platform/platform";
import { type AnswerShape, CONTRACT_SHAPE } from "./answers/shape";
import type { SimulationAnswer } from "./answers/simulation";
import type { HistorySnapshot } from "./history/snapshot";
import { refuseIdle } from "./idleMembers";
import { createLatestRun } from "./latestRun";
import { type ScenarioMembers, scenarioFrom } from "./scenario";
import { OUTPUT_NAMES, type OutputName } from "./schema/series";
import type { PlotsInput, SimulateInput } from "./work";
import { SHARED_HISTORY } from "./work";

/** What a request asks of a run. */
export interface SimulationOrder {
  members: ScenarioMembers;
  /** All series where absent. */
  output?: readonly OutputName[] | undefined;
  shape: AnswerShape;
  signal: AbortSignal;
}

/** The rules between HTTP and the engine: which history, which thread, what is kept. */
export interface FilecoinService {
  /** @throws RequestError 503 while there is no history. */
  history(): HistorySnapshot;
  useHistory(history: HistorySnapshot): void;
  /** @throws RequestError 503 without a history or when too much work waits. */
  simulate(order: SimulationOrder): Promise<SimulationAnswer>;
  /** The last run as JSON, `{setup, results}`. @throws RequestError 404 before the first. */
  latest(): Promise<Uint8Array>;
  /** Plots of the last run's series, at most `count`: PNG in base64 under each series' name. */
  plots(count: number, signal: AbortSignal): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

/** Milliseconds of one core for ten years of all series, by what the answer holds; docs/benchmarks.md. */
const RUN_MS = { weekly: 1, daily: 11 };
const MAX_RUN_DAYS = 3650;
const PLOT_MS = 30;

const SAVED_SHAPE: AnswerShape = { ...CONTRACT_SHAPE, form: "saved", precision: "full", sampling: "daily" };

/** @param waiting a sentence that says what to do about a missing history and how far loading is. */
export function createService({ pool, config, clock, log, dataDir }: Platform, waiting: () => string): FilecoinService {
  let current: HistorySnapshot | undefined;
  const lastRun = createLatestRun({
    folder: dataDir,
    clock,
    onError: (error) => log.write("error", "the last simulation was not saved", { error }),
  });

  function history(): HistorySnapshot {
    if (current === undefined) throw new RequestError(503, waiting(), { retryAfterS: 10 });
    return current;
  }

  function run(input: SimulateInput, how: Pick<WorkConditions, "signal" | "priority">): Promise<SimulationAnswer> {
    const rate = RUN_MS[input.shape.form === "contract" ? input.shape.sampling : "daily"];
    const costMs = (rate * input.scenario.forecastDays) / MAX_RUN_DAYS;
    return pool.run({ kind: "filecoin.simulate", input, costMs, ...how });
  }

  async function simulate({ members, output, shape, signal }: SimulationOrder): Promise<SimulationAnswer> {
    const scenario = scenarioFrom(members, history().smoothed, {
      rules: "plain",
      knownTrim: config.FILECOIN_KNOWN_TRIM,
    });
    refuseIdle(scenario, members);
    const answer = await run({ scenario, names: output ?? OUTPUT_NAMES, shape }, { signal });
    lastRun.note(async () => {
      const saved = await run({ scenario, names: OUTPUT_NAMES, shape: SAVED_SHAPE }, { priority: "batch" });
      return saved.bytes;
    });
    return answer;
  }

  async function latest(): Promise<Uint8Array> {
    const bytes = await lastRun.read();
    if (bytes !== undefined) return bytes;
    throw new RequestError(404, "No simulation has been run yet. POST /simulate runs one.");
  }

  async function plots(count: number, signal: AbortSignal): Promise<Record<string, string>> {
    const input: PlotsInput = { saved: await latest(), count };
    return pool.run({ kind: "filecoin.plots", input, costMs: count * PLOT_MS, priority: "batch", signal });
  }

  return {
    history,
    useHistory(history) {
      current = history;
      pool.share(SHARED_HISTORY, history);
    },
    simulate,
    latest,
    plots,
    stop: lastRun.flush,
  };
}
