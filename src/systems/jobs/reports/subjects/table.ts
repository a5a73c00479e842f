import type { ReportSection } from "../section";
import { filecoinBatchSections } from "./filecoinBatch";
import { filecoinForecastSections } from "./filecoinForecast";
import { filecoinSensitivitySections } from "./filecoinSensitivity";
import { monteCarloSections } from "./monteCarlo";
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
  monte_carlo: { title: "Monte Carlo estimate", sections: monteCarloSections },
  filecoin_forecast: { title: "Filecoin forecast", sections: filecoinForecastSections },
  filecoin_sweep: { title: "Filecoin sweep", sections: filecoinBatchSections },
  filecoin_monte_carlo: { title: "Filecoin Monte Carlo", sections: filecoinBatchSections },
  filecoin_sensitivity: { title: "Filecoin sensitivity", sections: filecoinSensitivitySections },
  seir: {
    title: "SEIR epidemic",
    names: {
      susceptible: { title: "Susceptible", unit: "people" },
      exposed: { title: "Exposed", unit: "people" },
      infectious: { title: "Infectious", unit: "people" },
      recovered: { title: "Recovered", unit: "people" },
      incidence: { title: "New infections", unit: "people/day" },
      peak_day: { title: "Peak", unit: "day" },
      peak_infectious: { title: "Infectious at the peak", unit: "people" },
      attack_rate: { title: "Attack rate", unit: "share" },
      r0: { title: "Reproduction number R0", unit: "" },
      rt: { title: "Reproduction number over time", unit: "" },
    },
  },
  xenblocks_market: {
    title: "Hash-power market",
    names: {
      fill_rate: { title: "Orders filled", unit: "share" },
      price_per_min: { title: "Price", unit: "XNM per min" },
      price: { title: "Price", unit: "XNM per min" },
      payouts: { title: "Payouts", unit: "XNM" },
      payout: { title: "Payout", unit: "XNM" },
      utilisation: { title: "Workers leased", unit: "share" },
    },
  },
  timesfm_forecast: { title: "Time-series forecast" },
  timesfm_backtest: { title: "Forecast backtest" },
  fred_run: { title: "FRED epidemic" },
  selftest: { title: "Self-test" },
};
