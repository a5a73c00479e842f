import { Empty } from "../common/empty";
import { Fault } from "../common/fault";
import { SHOWN_SERIES, usePinnedRuns } from "./charts";
import { CompareTable } from "./compare";
import { useSight } from "./context";
import { pin } from "./pins";
import { scenarioWords } from "./scenario";

/** The scenario of the page beside those that were pinned. */
export default function CompareTab() {
  const { scenario, run, pins } = useSight();
  const pinned = usePinnedRuns(pins, SHOWN_SERIES);
  if (run.value === undefined) return null;
  const runs = pinned.beside.map(({ label, look, scenario: of, run: found }) => ({
    name: label,
    words: `${label}: ${scenarioWords(of)}`,
    look,
    run: found,
  }));
  return (
    <>
      {pinned.fault !== undefined && <Fault report={pinned.fault} />}
      {pins.length === 0 && (
        <Empty
          what="Pin the scenario and change it: the differences at 1, 3, 5 and 10 years would be here. Four can be pinned."
          action={{ label: "Pin this scenario", run: () => pin(scenario) }}
        />
      )}
      <CompareTable name="compare" caption="scenarios" runs={[{ name: "This page", run: run.value }, ...runs]} />
    </>
  );
}
