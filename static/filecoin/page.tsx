import { Fault } from "../common/fault";
import { useLoaded } from "../common/load";
import { showPage } from "../common/shell";
import { type Beside, SHOWN_SERIES, SightCharts } from "./charts";
import { Controls } from "./controls";
import { type HistoricalData, rateHistories } from "./history";
import { usePins } from "./pins";
import { useScenario } from "./scenario";
import { Scorecard } from "./scorecard";
import { useRun, useRuns } from "./simulate";

showPage({ title: "Filecoin", Body: FilecoinPage });

function FilecoinPage() {
  const scenario = useScenario();
  const pins = usePins();
  const history = useLoaded<HistoricalData>("/historical-data/full");
  const current = useRun(scenario, SHOWN_SERIES);
  const pinned = useRuns(
    pins.map((pin) => pin.scenario),
    SHOWN_SERIES,
  );
  const beside = pins.flatMap(({ letter, look }, at): Beside[] => {
    const run = pinned.value?.[at];
    return run === undefined ? [] : [{ label: letter, look, run }];
  });
  return (
    <div class="forecaster">
      <Controls scenario={scenario} histories={history.value && rateHistories(history.value)} pins={pins} />
      <div class="results" aria-busy={current.busy}>
        {current.fault !== undefined && <Fault report={current.fault} />}
        <Scorecard run={current.value} />
        <SightCharts scenario={scenario} run={current.value} beside={beside} />
      </div>
    </div>
  );
}
