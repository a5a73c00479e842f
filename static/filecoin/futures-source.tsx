import { useEffect } from "preact/hooks";
import { futureBands, useFutures } from "./bands";
import { useSight } from "./context";
import { futures } from "./studies-store";

/** Asks for many futures while a chart or a tab shows them. It draws nothing itself. */
export default function FuturesSource() {
  const study = useFutures(useSight().scenario);
  useEffect(() => {
    futures.set({ study, bandsOf: (run, name) => futureBands(study.value?.answer, run, name, 0) });
  }, [study.value, study.fault, study.busy]);
  return null;
}
