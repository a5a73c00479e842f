import { useEffect } from "preact/hooks";
import { pastErrorBands, useBacktest } from "./backtest";
import { useSight } from "./context";
import { backtest } from "./studies-store";

/** Asks for past forecasts while a chart or a tab shows them. It draws nothing itself. */
export default function BacktestSource() {
  const study = useBacktest(useSight().scenario);
  useEffect(() => {
    backtest.set({ study, bandsOf: (run, name) => pastErrorBands(study.value?.answer, run, name, 0) });
  }, [study.value, study.fault, study.busy]);
  return null;
}
