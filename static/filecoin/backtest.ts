import type { OutputName } from "../../src/systems/filecoin/schema/series";
import type { BacktestFindings } from "../../src/systems/filecoin/skill/schema";
import type { ChartBand } from "../common/chart/model";
import { type Study, useStudy } from "./batch";
import type { Latest } from "./latest";
import { DEFAULT_SECTOR_DAYS, RULES, type Scenario } from "./scenario";
import type { Run } from "./simulate";

export const BACKTEST_PATH = "/simulate/backtest";
export const HORIZONS_DAYS = [30, 90, 180, 365] as const;
const ANCHORS = 24;

/** Returns of a year cannot be compared with what came: too little of it has come. */
export const TESTED = ["circ_supply", "network_RBP_EIB", "network_locked", "day_network_reward"] as const;

export function backtestBody(scenario: Scenario): object {
  const sector = scenario.sector === DEFAULT_SECTOR_DAYS ? {} : { sector_duration_days: scenario.sector };
  return { rules: RULES, ...sector, output: TESTED, horizons_days: HORIZONS_DAYS, anchors: ANCHORS };
}

/** Forecasts from past days beside what came. */
export function useBacktest(scenario: Scenario): Latest<Study<BacktestFindings>> {
  return useStudy(BACKTEST_PATH, backtestBody(scenario));
}

/** Errors at one horizon, as the factor by which what came differed from the forecast, ascending. */
function pastFactors({ forecasts }: BacktestFindings, name: OutputName, horizon: number): number[] {
  return forecasts
    .filter((one) => one.series === name && one.horizon_days === horizon && one.forecast !== null && one.forecast !== 0)
    .map(({ actual, forecast }) => actual / forecast!)
    .sort((a, b) => a - b);
}

/**
 * The forecast with the errors that past forecasts had at the same distance: between the worst ones, and the middle
 * half. It ends with the farthest horizon that has come.
 */
export function pastErrorBands(
  answer: BacktestFindings | undefined,
  run: Run,
  name: OutputName,
  of: number,
): ChartBand[] {
  const column = run.series[name];
  if (answer === undefined || column === undefined) return [];
  const known = HORIZONS_DAYS.map((days) => ({ days, factors: pastFactors(answer, name, days) }));
  const reached = known.filter(({ factors }) => factors.length > 0);
  if (reached.length === 0) return [];
  const edge = (share: number) => {
    const knots = [
      { days: 0, factor: 1 },
      ...reached.map(({ days, factors }) => ({ days, factor: quantile(factors, share) })),
    ];
    const values = new Float64Array(run.x.length).fill(Number.NaN);
    for (let at = 1; at < knots.length; at++) {
      const [from, to] = [knots[at - 1]!, knots[at]!];
      for (let day = from.days; day <= to.days && run.historyDays + day < values.length; day++) {
        const along = (day - from.days) / (to.days - from.days);
        const factor = from.factor + (to.factor - from.factor) * along;
        values[run.historyDays + day] = column[run.historyDays + day]! * factor;
      }
    }
    return values;
  };
  return [
    { label: "all past errors", of, low: edge(0), high: edge(1), reach: "outer" },
    { label: "middle half", of, low: edge(0.25), high: edge(0.75), reach: "inner" },
  ];
}

/** Between the neighbours of its rank; of ascending values, at least one. */
function quantile(sorted: readonly number[], share: number): number {
  const rank = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
  return low + (high - low) * (rank - Math.floor(rank));
}
