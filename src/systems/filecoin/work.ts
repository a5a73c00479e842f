import type { WorkContext, WorkHandlers } from "../../platform/compute/work";
import type { AnswerShape } from "./answers/shape";
import { runSimulation, type SimulationAnswer } from "./answers/simulation";
import { batchWork } from "./batch/work";
import type { HistorySnapshot } from "./history/snapshot";
import { type Engine, prepareEngine } from "./model/engine";
import type { Scenario } from "./scenario";
import type { OutputName } from "./schema/series";

/** The name under which the server shares the history with its Workers. */
export const SHARED_HISTORY = "filecoin.history";

export interface SimulateInput {
  scenario: Scenario;
  names: readonly OutputName[];
  shape: AnswerShape;
}

export interface PlotsInput {
  /** A saved run as JSON, `{setup, results}`. */
  saved: Uint8Array;
  /** The most series to draw. */
  count: number;
}

const engines = new WeakMap<HistorySnapshot, Engine>();

/** The kinds of work of this system, as a Worker runs them. */
export const filecoinWork = {
  "filecoin.simulate": ({ scenario, names, shape }: SimulateInput, context: WorkContext): SimulationAnswer =>
    runSimulation(sharedEngine(context), scenario, names, shape),
  "filecoin.plots": async ({ saved, count }: PlotsInput): Promise<Record<string, string>> => {
    // The drawing library is loaded by those who draw alone.
    const { plotSaved } = await import("./charts/seriesCharts");
    return plotSaved(saved, count);
  },
  ...batchWork(sharedEngine),
} satisfies WorkHandlers;

/** The engine for the shared history, prepared at its first use in this thread. */
export function sharedEngine(context: WorkContext): Engine {
  const history = context.shared<HistorySnapshot>(SHARED_HISTORY);
  const known = engines.get(history);
  if (known !== undefined) return known;
  const engine = prepareEngine(history);
  engines.set(history, engine);
  return engine;
}
