import type { BatchAnswer } from "../../src/systems/filecoin/batch/schema/answers";
import type { OutputName } from "../../src/systems/filecoin/schema/series";
import type { ChartBand } from "../common/chart/model";
import { useStore } from "../common/store";
import { choiceCodec, numberCodec, urlStore } from "../common/url-state";
import { type Study, useStudy } from "./batch";
import type { Latest } from "./latest";
import { RESULT_NAMES, resultOf } from "./results";
import { type Scenario, scenarioBody } from "./scenario";
import { type Column, curlOf, type Run } from "./simulate";

export type ShareName = keyof NonNullable<BatchAnswer["bands"]["series"]["circ_supply"]>;

/** How the futures come about; docs/filecoin.md, "Rates by chance". */
export const FUTURES_PATH = "/simulate/monte-carlo";

export const RUN_COUNTS = [100, 1000, 10_000, 100_000] as const;
/** What a card does besides. */
export const CARD_RUN_COUNTS = [1_000_000] as const;

export const METHODS = [
  { name: "mean_reverting", words: "wander and return, as in the history" },
  { name: "block_bootstrap", words: "pieces of the history" },
] as const;

export const futuresRuns = () => urlStore("mc.runs", numberCodec(1000, 1, 1_000_000));
export const futuresMethod = () =>
  urlStore(
    "mc.method",
    choiceCodec(
      METHODS.map(({ name }) => name),
      "mean_reverting",
    ),
  );
export const futuresSeed = () => urlStore("mc.seed", numberCodec(1, 0, 4_294_967_295));

/** Many runs of the scenario whose rates wander by chance. */
export function useFutures(scenario: Scenario): Latest<Study<BatchAnswer>> {
  const [runs, method, seed] = [useStore(futuresRuns()), useStore(futuresMethod()), useStore(futuresSeed())];
  return useStudy(FUTURES_PATH, futuresBody(scenario, { runs, method, seed }));
}

interface FuturesSettings {
  runs: number;
  method: string;
  seed: number;
}

function futuresBody(scenario: Scenario, settings: FuturesSettings): object {
  return { ...scenarioBody(scenario), ...settings, output: RESULT_NAMES };
}

/** The command that runs the same futures. */
export function futuresCurl(scenario: Scenario): string {
  const settings = { runs: futuresRuns().get(), method: futuresMethod().get(), seed: futuresSeed().get() };
  return curlOf(FUTURES_PATH, JSON.stringify(futuresBody(scenario, settings)));
}

const dailyColumns = new WeakMap<readonly (number | null)[], Column>();

/**
 * A quantile of a series day by day over the whole of the run, straight between the days on which it was taken and, for
 * the few days after the last of them, as between the last two.
 */
export function quantileColumn(answer: BatchAnswer, run: Run, name: OutputName, share: ShareName): Column | undefined {
  const sampled = answer.bands?.series[name]?.[share];
  if (sampled === undefined) return undefined;
  const known = dailyColumns.get(sampled);
  if (known?.length === run.x.length) return known;
  const { step_days } = answer.dates.sampled;
  const { factor } = resultOf(name);
  const column = new Float64Array(run.x.length).fill(Number.NaN);
  const lastPiece = Math.max(0, sampled.length - 2);
  for (let day = 0; run.historyDays + day < column.length; day++) {
    const at = Math.min(lastPiece, Math.floor(day / step_days));
    const from = sampled[at] ?? Number.NaN;
    const to = sampled[at + 1] ?? from;
    column[run.historyDays + day] = (from + ((to - from) * (day - at * step_days)) / step_days) * factor;
  }
  dailyColumns.set(sampled, column);
  return column;
}

/** The bands of a series about the line at that place in its chart; none where there are none yet. */
export function futureBands(answer: BatchAnswer | undefined, run: Run, name: OutputName, of: number): ChartBand[] {
  const band = (label: string, lowShare: ShareName, highShare: ShareName, reach: ChartBand["reach"]): ChartBand[] => {
    const low = answer && quantileColumn(answer, run, name, lowShare);
    const high = answer && quantileColumn(answer, run, name, highShare);
    return low === undefined || high === undefined ? [] : [{ label, of, low, high, reach }];
  };
  return [...band("5 to 95 %", "p5", "p95", "outer"), ...band("25 to 75 %", "p25", "p75", "inner")];
}
