import { type OutputName, SERIES_MEANINGS } from "../../src/systems/filecoin/schema/series";
import { Chart } from "../common/chart/chart";
import { Fault } from "../common/fault";
import { choiceCodec, useUrlState } from "../common/url-state";
import { runChart, usePinnedRuns } from "./charts";
import { useSight } from "./context";
import { useRun } from "./simulate";

const NAMES = Object.keys(SERIES_MEANINGS) as OutputName[];

/** Any of the model's series, of the scenario and of the pins. */
export default function SeriesTab() {
  const { scenario, pins } = useSight();
  const [name, setName] = useUrlState("series", choiceCodec(NAMES, "day_network_reward"));
  const run = useRun(scenario, [name]);
  const pinned = usePinnedRuns(pins, [name]);
  const { title, unit } = SERIES_MEANINGS[name];
  const lines = [[name, title.toLowerCase()]] as const;
  const shown = { name: "series", title, unit: name === "1y_sector_roi" ? "%" : unit, lines, canBeLog: true } as const;
  return (
    <>
      <label class="choice">
        Series
        <select value={name} onChange={(event) => setName(event.currentTarget.value as OutputName)}>
          {NAMES.map((series) => (
            <option key={series} value={series}>
              {SERIES_MEANINGS[series].title}, {SERIES_MEANINGS[series].unit} ({series})
            </option>
          ))}
        </select>
      </label>
      {run.fault !== undefined && <Fault report={run.fault} />}
      {run.value?.series[name] !== undefined && (
        <Chart {...runChart(shown, scenario, run.value, pinned.beside)} heightPx={280} />
      )}
    </>
  );
}
