import { useEffect, useMemo, useRef } from "preact/hooks";
import { Fault } from "../common/fault";
import { useKeys } from "../common/keys";
import { lazy } from "../common/lazy";
import { useLoaded } from "../common/load";
import { showPage } from "../common/shell";
import { status } from "../common/status";
import { useStore } from "../common/store";
import { Tabs } from "../common/tabs";
import { type BandChoice, bandChoice } from "./band-choice";
import { type Beside, SHOWN_SERIES, SightCharts, usePinnedRuns } from "./charts";
import { SightContext } from "./context";
import { Controls } from "./controls";
import { type HistoricalData, rateHistories } from "./history";
import { askAnew } from "./latest";
import { type Pin, pin, usePins } from "./pins";
import { applyScenario, DEFAULTS, type Scenario, scenarioNow, useScenario } from "./scenario";
import { Scorecard } from "./scorecard";
import { forgetRuns, useRun } from "./simulate";
import { backtest, futures } from "./studies-store";
import { tabStore } from "./tab";

const TABS = [
  { name: "compare", title: "Compare", Body: lazy(() => import("./compare-tab")) },
  { name: "futures", title: "Futures", Body: lazy(() => import("./futures-tab")) },
  { name: "sweep", title: "Sweep", Body: lazy(() => import("./sweep-tab")) },
  { name: "sensitivity", title: "Sensitivity", Body: lazy(() => import("./sensitivity-tab")) },
  { name: "backtest", title: "Backtest", Body: lazy(() => import("./backtest-tab")) },
  { name: "policies", title: "Policies", Body: lazy(() => import("./policies-tab")) },
  { name: "provider", title: "Provider", Body: lazy(() => import("./provider-tab")) },
  { name: "series", title: "Series", Body: lazy(() => import("./series-tab")) },
  { name: "data", title: "Data", Body: lazy(() => import("./data-tab")) },
] as const;

// Seldom there is anything to warn of.
const Warnings = lazy(
  () => import("./warnings"),
  () => null,
);
const FuturesSource = lazy(() => import("./futures-source"));
const BacktestSource = lazy(() => import("./backtest-source"));
const pinNow = () => void pin(scenarioNow());
const reset = () => applyScenario(DEFAULTS);

showPage({
  title: "Filecoin",
  Body: FilecoinPage,
  commands: [
    { kind: "command", title: "Pin the scenario", hint: "to hold others against it", run: pinNow },
    { kind: "command", title: "Reset the assumptions", hint: "to what the history suggests", run: reset },
    ...TABS.map(
      ({ name, title }) =>
        ({ kind: "command", title, hint: "of the forecast", run: () => tabStore().set(name) }) as const,
    ),
  ],
});

function FilecoinPage() {
  const scenario = useScenario();
  const pins = usePins();
  const history = useLoaded<HistoricalData>("/historical-data/full");
  const histories = useMemo(() => history.value && rateHistories(history.value), [history.value]);
  const run = useRun(scenario, SHOWN_SERIES);
  const beside = useBeside(scenario, pins);
  useFreshHistory(history.reload);
  useKeys([
    { key: "p", meaning: "Pin the scenario", run: pinNow },
    { key: "r", meaning: "Reset the assumptions", run: reset },
  ]);
  const [tab, bands] = [useStore(tabStore()), useStore(bandChoice())];
  const shownStudy = useBandsOf(bands);
  const fault = run.fault ?? shownStudy?.study.fault;
  return (
    <SightContext value={{ scenario, run, pins, history, histories }}>
      <div hidden>
        {(tab === "futures" || bands === "futures") && <FuturesSource />}
        {(tab === "backtest" || bands === "errors") && <BacktestSource />}
      </div>
      <div class="forecaster">
        <Controls scenario={scenario} histories={histories} pins={pins} />
        <div class="results" aria-busy={run.busy}>
          {fault !== undefined && <Fault report={fault} />}
          <Scorecard run={run.value} />
          {run.value !== undefined && run.value.warnings.length > 0 && <Warnings warnings={run.value.warnings} />}
          <SightCharts scenario={scenario} run={run.value} beside={beside} bands={shownStudy?.bandsOf} />
          <section class="panel work" aria-label="More about this forecast">
            <Tabs label="More about this forecast" tabs={TABS} />
          </section>
        </div>
      </div>
    </SightContext>
  );
}

/** The study that bands are chosen of; none without bands. */
function useBandsOf(bands: BandChoice) {
  const studies = { none: undefined, futures: useStore(futures), errors: useStore(backtest) };
  return studies[bands];
}

/** What stands in the charts beside the run of the page: the pins, and where policies are on, the same without them. */
function useBeside(scenario: Scenario, pins: readonly Pin[]): Beside[] {
  const pinned = usePinnedRuns(pins, SHOWN_SERIES);
  const hasPolicies = scenario.fip81 !== null || scenario.fip100 !== null;
  const without = useRun(hasPolicies ? { ...scenario, fip81: null, fip100: null } : undefined, SHOWN_SERIES).value;
  const before = hasPolicies && without !== undefined ? [{ label: "without policies", look: 7, run: without }] : [];
  return [...before, ...pinned.beside];
}

/** When the server says that it has another history, or one at last, everything is asked for anew. */
function useFreshHistory(reload: () => void): void {
  const history = useStore(status)
    ?.systems.find(({ name }) => name === "filecoin")
    ?.statusLine.join(" ");
  const last = useRef(history);
  useEffect(() => {
    // What the server says at first is what it has answered from.
    if (last.current !== undefined && history && history !== last.current) {
      forgetRuns();
      reload();
      askAnew();
    }
    last.current = history === undefined ? last.current : history;
  }, [history]);
}
