import type { ReportSection } from "../section";
import { epidemicSections } from "./epidemic";
import { filecoinBatchSections } from "./filecoinBatch";
import { filecoinForecastSections } from "./filecoinForecast";
import { filecoinSensitivitySections } from "./filecoinSensitivity";
import { monteCarloSections } from "./monteCarlo";
import type { Names } from "./names";
import { orderFlowSections } from "./orderFlow";

/** How the results of one type of simulation are told. */
export interface Subject {
  title: string;
  /** Its own reader; undefined for a result of another shape, which is then read as anything is. */
  sections?(result: unknown, names: Names): ReportSection[] | undefined;
}

export const SUBJECTS: Readonly<Record<string, Subject>> = {
  monte_carlo: { title: "Monte Carlo estimate", sections: monteCarloSections },
  filecoin_forecast: { title: "Filecoin forecast", sections: filecoinForecastSections },
  filecoin_sweep: { title: "Filecoin sweep", sections: filecoinBatchSections },
  filecoin_monte_carlo: { title: "Filecoin Monte Carlo", sections: filecoinBatchSections },
  filecoin_sensitivity: { title: "Filecoin sensitivity", sections: filecoinSensitivitySections },
  seir: { title: "SEIR epidemic", sections: epidemicSections },
  xenblocks_market: { title: "Hash-power market", sections: orderFlowSections },
  timesfm_forecast: { title: "Time-series forecast" },
  timesfm_backtest: { title: "Forecast backtest" },
  fred_run: { title: "FRED epidemic" },
  selftest: { title: "Self-test" },
};
