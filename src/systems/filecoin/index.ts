import type { Platform } from "../../platform/platform";
import type { Health, System } from "../../platform/system";
import type { CardState } from "./batch/gpu/card";
import { cardCheck } from "./batch/gpu/check";
import { createEitherEngine } from "./batch/gpu/eitherEngine";
import { machineCard } from "./batch/gpu/machineCard";
import { batchMetrics } from "./batch/metrics";
import { batchRoutes } from "./batch/routes";
import { createCpuBatchEngine } from "./batch/run/cpuEngine";
import { createBatchService } from "./batch/service";
import { HISTORY_FILE } from "./history/cache";
import { historyCheck } from "./history/check";
import { type HistoryKeeper, waitingSentence } from "./history/keeper";
import { openHistory } from "./history/openHistory";
import { shownDates } from "./history/reanchor";
import { historyKeeper } from "./ingest";
import { LATEST_FILE } from "./latestRun";
import { filecoinRoutes } from "./routes";
import { createService } from "./service";
import { filecoinSimulations } from "./simulations";

// What the commands ask of it, who come in through this door alone.
export { runSimulation } from "./answers/simulation";
export type { AdmittedRequest } from "./batch/answers/options";
export { hasDriver } from "./batch/gpu/card";
export { cardCheck } from "./batch/gpu/check";
export { createEitherEngine } from "./batch/gpu/eitherEngine";
export { machineCard } from "./batch/gpu/machineCard";
export { createCpuBatchEngine } from "./batch/run/cpuEngine";
export { backtestRequest, MAX_CARD_RUNS, monteCarloRequest, sweepRequest } from "./batch/schema/requests";
export { INPUT_NAMES } from "./batch/schema/variation";
export { type BatchService, createBatchService } from "./batch/service";
export { fanCharts, sweepCharts } from "./charts/batchCharts";
export { plotSeries } from "./charts/seriesCharts";
export { backtestCharts } from "./charts/skillCharts";
export { cachePath, type KeptHistory, writeCache } from "./history/cache";
export { historyCheck } from "./history/check";
export { historyDoubts } from "./history/doubts";
export { historyFileOf } from "./history/file";
export { historyAtStart } from "./history/historyAtStart";
export { snapshotId } from "./history/identity";
export { withMeasured } from "./history/measuredCsv";
export { openHistory } from "./history/openHistory";
export { ageDaysOf } from "./history/reanchor";
export { refuseIdle } from "./idleMembers";
export { fetchFromSpacescope } from "./ingest";
export { type Engine, prepareEngine } from "./model/engine";
export { forecast } from "./model/forecast";
export { OUTPUTS } from "./model/outputs";
export { type Scenario, type ScenarioMembers, scenarioFrom } from "./scenario";
export { MAX_FORECAST_DAYS } from "./schema/bounds";
export { scenarioFile } from "./schema/requests";
export { PROTOCOL_AS_OF } from "./schema/rules";
export { OUTPUT_NAMES, type OutputName, SERIES_MEANINGS } from "./schema/series";
export { SHARED_HISTORY } from "./work";

const ENGINE = "CPU f64";
const FILES = [
  { name: LATEST_FILE, meaning: "the last Filecoin run" },
  { name: HISTORY_FILE, meaning: "the Filecoin history that was fetched" },
];
const PIB_PER_EIB = 1024;

/** The Filecoin economy forecaster. @throws UsageError when the history file or the token cannot be used. */
export function createFilecoin(platform: Platform): System {
  const { clock, config, log, metrics, pool } = platform;
  const service = createService(platform, () => waitingSentence(keeper.view()));
  const file = config.FILECOIN_HISTORY_FILE === undefined ? undefined : openHistory(config.FILECOIN_HISTORY_FILE);
  const keeper = historyKeeper(platform, file, service.useHistory);
  const gpu = machineCard(config, clock, (fault) => log.write("warning", "the GPU", { fault }));
  const engine = createEitherEngine({
    cpu: createCpuBatchEngine(pool),
    card: gpu.card,
    workers: () => pool.load().workers,
    maxWaitS: config.COMPUTE_MAX_WAIT_S,
    history: service.history,
    onDone: batchMetrics(metrics),
  });
  const { maxRuns, costOf } = engine;
  const batches = createBatchService({ pool, config, engine, history: service.history, maxRuns, costOf });
  return {
    name: "filecoin",
    anyOrigin: true,
    page: "filecoin",
    routes: filecoinRoutes(service, config, log).use(batchRoutes(batches, config, log)),
    handlers: filecoinSimulations({ config, history: service.history }),
    start() {
      gpu.warmUp();
      return keeper.start();
    },
    async stop() {
      await gpu.stop();
      await keeper.stop();
      await service.stop();
    },
    health: () => healthOf(keeper),
    about: () => ({ jax_backend: "cpu" }),
    flat: ["jax_backend"],
    statusLine() {
      const { snapshot } = keeper.view();
      const engine = engineName(gpu.card.state());
      return snapshot === undefined ? [engine] : [`${snapshot.source}, to ${snapshot.currentDate}`, engine];
    },
    files: FILES,
    checks: [historyCheck(config, clock), cardCheck(config, clock)],
    card() {
      const { snapshot } = keeper.view();
      const action = { label: "Forecast the economy", href: "/filecoin" };
      if (snapshot === undefined) return { title: "Filecoin", figure: null, caption: "loading the history", action };
      const figure = `${(snapshot.rawPowerTodayPib / PIB_PER_EIB).toFixed(2)} EiB`;
      return { title: "Filecoin", figure, caption: `raw power on ${snapshot.currentDate}`, action };
    },
  };
}

/** What batches run on, as the status bar says it. */
function engineName(card: CardState): string {
  return card.phase === "ready" && !card.isSoftware ? `GPU ${card.adapter}` : ENGINE;
}

/** Ready with a history, whatever a refresh behind it does. */
function healthOf(keeper: HistoryKeeper): Health {
  const { state, snapshot, ageDays, notes } = keeper.view();
  const failed = state.phase === "failed" ? [state.sentence] : [];
  const withHistory = state.phase === "failed" ? "degraded" : "healthy";
  return {
    ready: snapshot !== undefined,
    status: snapshot === undefined ? "loading" : withHistory,
    jax_backend: "cpu",
    engine: ENGINE,
    ...(snapshot && { source: snapshot.source, ...shownDates(snapshot), age_days: ageDays }),
    ...(state.phase === "loading" && { loading: { done: state.done, total: state.total } }),
    notes: [...failed, ...notes],
  };
}
