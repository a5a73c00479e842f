import { useEffect } from "preact/hooks";
import { useStore } from "../common/store";
import { pastErrorBands, useBacktest } from "./backtest";
import { bandChoice } from "./band-choice";
import { futureBands, useFutures } from "./bands";
import { useSight } from "./context";
import { studies } from "./studies-store";
import { tabStore } from "./tab";

/** Asks for futures and for past forecasts while a chart or a tab shows them. It draws nothing itself. */
export default function StudiesSource() {
  const { scenario } = useSight();
  const [tab, bands] = [useStore(tabStore()), useStore(bandChoice())];
  const futures = useFutures(scenario, tab === "futures" || bands === "futures");
  const backtest = useBacktest(scenario, tab === "backtest" || bands === "errors");
  useEffect(() => {
    studies.set({
      futures,
      backtest,
      bands: {
        none: { of: () => [], fault: undefined },
        futures: { of: (run, name) => futureBands(futures.value?.answer, run, name, 0), fault: futures.fault },
        errors: { of: (run, name) => pastErrorBands(backtest.value?.answer, run, name, 0), fault: backtest.fault },
      },
    });
  }, [futures.value, futures.fault, futures.busy, backtest.value, backtest.fault, backtest.busy]);
  return null;
}
