import { Chart } from "../../../../static/common/chart/chart";
import { showPage } from "../../../../static/common/shell";
import { days, FIRST_DAY_S, HISTORY_DAYS, path } from "../../series";

// Ten years of 44 series in four scenarios, as 44 charts and as one with all lines: what the frame rate is counted on.

const SERIES = 44;
const SCENARIOS = ["now", "more", "less", "none"];
const x = days();
const boundary = { at: FIRST_DAY_S + HISTORY_DAYS * 86_400, label: "Forecast" };

const families = Array.from({ length: SERIES }, (_, place) =>
  SCENARIOS.map((label, scenario) => ({
    label: `${label} ${place}`,
    values: path(place * 10 + scenario, 100 + place, 200 + 40 * scenario + place, 0.05),
    look: scenario,
  })),
);

const alone = new URLSearchParams(location.search).has("alone");

showPage({ title: "Crowd", Body: Crowd });

function Crowd() {
  if (alone) {
    return (
      <Chart name="all" title="All" unit="FIL" x={x} boundary={boundary} series={families.flat()} heightPx={480} />
    );
  }
  return (
    <div class="charts">
      {families.map((series, place) => (
        <Chart
          key={series[0]!.label}
          name={`s${place}`}
          title={`Series ${place}`}
          unit="FIL"
          {...{ x, series, boundary }}
        />
      ))}
    </div>
  );
}
