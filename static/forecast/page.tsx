import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { ReadingAnswer } from "../../src/systems/forecasting/page/schema";
import { Fault } from "../common/fault";
import { lazy } from "../common/lazy";
import { showPage } from "../common/shell";
import { useStore } from "../common/store";
import { type Tab, Tabs } from "../common/tabs";
import { useBacktest } from "./backtest";
import { SightContext } from "./context";
import { DataPanel } from "./data-panel";
import type { Task } from "./forecast";
import { ForecastChart } from "./forecast-chart";
import { ModelPanel } from "./model-panel";
import { besideIds, contextChoice, editsAhead, horizonChoice, modelId, startsFrom } from "./place";
import { takeFile, useSource } from "./reading";
import { Lost, ReadingFault } from "./reading-fault";
import { Told } from "./told";
import { type ShownForecasts, useForecasts } from "./use-forecasts";
import { Figures, Verdict } from "./verdict";

const TABS: readonly [Tab, ...Tab[]] = [
  { name: "values", title: "Values", Body: lazy(() => import("./values-tab")) },
  { name: "compare", title: "Compare", Body: lazy(() => import("./compare-tab")) },
  { name: "what-if", title: "What if", Body: lazy(() => import("./what-if-tab")) },
  { name: "anomalies", title: "Anomalies", Body: lazy(() => import("./anomalies-tab")) },
  { name: "repairs", title: "Data and repairs", Body: lazy(() => import("./repairs-tab")) },
  { name: "models", title: "Models", Body: lazy(() => import("./models-tab")) },
];

showPage({
  title: "Forecast",
  Body: ForecastPage,
  commands: TABS.map(
    ({ name, title }) => ({ kind: "command", title, hint: "of the forecast", href: `/forecast?tab=${name}` }) as const,
  ),
});

function ForecastPage() {
  const source = useSource();
  const { reading, isLost, title } = source;
  const task = useTask(reading.value);
  const [model, beside] = [useStore(modelId()), useStore(besideIds())];
  const verdict = useBacktest(task, [model]);
  useTitle(reading.value);
  const forecast = useForecasts(task, [model, ...beside.filter((id) => id !== model)]);
  return (
    <DropZone>
      <div class="forecaster">
        <Controls words={`${title}, ${model}`} reading={reading.value} />
        <div class="results" aria-busy={reading.busy || forecast.busy}>
          {isLost && <Lost name={title} />}
          {reading.fault !== undefined && <ReadingFault fault={reading.fault} />}
          {forecast.fault !== undefined && reading.fault === undefined && <Fault report={forecast.fault} />}
          {task !== undefined && (
            <SightContext value={{ title, task, shown: forecast.value, verdict }}>
              <Results task={task} shown={forecast.value} />
            </SightContext>
          )}
        </div>
      </div>
    </DropZone>
  );
}

/** On a narrow screen it is folded away, so that the forecast is seen first. */
function Controls({ words, reading }: { words: string; reading: ReadingAnswer | undefined }) {
  const [open, setOpen] = useState(false);
  return (
    <section class={open ? "panel controls open" : "panel controls"} aria-label="Data and model">
      <header class="panel-head">
        <h2>Data</h2>
        <span class="quiet-text controls-words">{words}</span>
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Done" : "Change"}
        </button>
      </header>
      <div class="controls-body">
        <DataPanel reading={reading} />
        <ModelPanel reading={reading} />
      </div>
    </section>
  );
}

function Results({ task, shown }: { task: Task; shown: ShownForecasts | undefined }) {
  const [first] = shown?.forecasts ?? [];
  const warnings = [...task.reading.warnings, ...(first?.warnings ?? [])];
  return (
    <>
      <Figures />
      <ForecastChart task={shown?.task ?? task} forecasts={shown?.forecasts ?? []} />
      <Verdict />
      {shown?.failed.map(({ model, report }) => (
        <p key={model} class="wrong">
          {model}: {report.what}
        </p>
      ))}
      <Told warnings={warnings} />
      <section class="panel work" aria-label="More about this forecast">
        <Tabs label="More about this forecast" tabs={TABS} />
      </section>
    </>
  );
}

/** So that a tab of the browser and a bookmark say what is forecast. */
function useTitle(reading: ReadingAnswer | undefined): void {
  const of = reading === undefined ? "" : `${reading.series.id ?? reading.read.target} · `;
  useEffect(() => {
    document.title = `${of}Forecast · Foresight`;
  }, [of]);
}

/** What is asked of the models, as the address says. */
function useTask(reading: ReadingAnswer | undefined): Task | undefined {
  const [horizon, context] = [useStore(horizonChoice()), useStore(contextChoice())];
  const [edits, from] = [useStore(editsAhead()), useStore(startsFrom())];
  return useMemo(() => {
    if (reading === undefined) return undefined;
    const { values, horizon: usual } = reading.series;
    const steps = horizon === 0 ? usual : horizon;
    const held = from === "before" ? Math.min(steps, values.length - 1) : 0;
    return { reading, known: values.length - held, horizon: steps, context, edits };
  }, [reading, horizon, context, edits, from]);
}

/** Files dropped anywhere on the page are forecast. */
function DropZone({ children }: { children: ComponentChildren }) {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file !== undefined) takeFile(file);
    };
    const listeners = { dragover: over, dragleave: leave, drop } as const;
    for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) removeEventListener(name, listener as EventListener);
    };
  }, []);
  return (
    <>
      {children}
      {isOver && (
        <div class="drop-here" role="status">
          Drop the file to forecast it
        </div>
      )}
    </>
  );
}
