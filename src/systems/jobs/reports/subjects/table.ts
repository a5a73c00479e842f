import type { ReportSection } from "../section";
import type { Names } from "./names";

/** How the results of one type of simulation are told. */
export interface Subject {
  title: string;
  /** Its own reader; undefined for a result of another shape, which is then read as anything is. */
  sections?(result: unknown, names: Names): ReportSection[] | undefined;
  /** What members of its results are called. */
  names?: Names;
}

export const SUBJECTS: Readonly<Record<string, Subject>> = {
  monte_carlo: { title: "Monte Carlo estimate" },
  filecoin_forecast: { title: "Filecoin forecast" },
  filecoin_sweep: { title: "Filecoin sweep" },
  filecoin_monte_carlo: { title: "Filecoin Monte Carlo" },
  filecoin_sensitivity: { title: "Filecoin sensitivity" },
  seir: { title: "SEIR epidemic" },
  xenblocks_market: { title: "Hash-power market" },
  timesfm_forecast: { title: "Time-series forecast" },
  timesfm_backtest: { title: "Forecast backtest" },
  fred_run: { title: "FRED epidemic" },
  selftest: { title: "Self-test" },
};
