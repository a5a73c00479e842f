import { useMemo, useState } from "preact/hooks";
import { Chart } from "../common/chart/chart";
import { Empty } from "../common/empty";
import { Fault } from "../common/fault";
import { formatFigure, formatSigned } from "../common/format";
import { useStore } from "../common/store";
import { useSight } from "./context";
import { forecastCurl, seriesOf, type Task, type Values } from "./forecast";
import { type Edits, editsAhead, modelId } from "./place";
import { seriesAxis } from "./time-axis";
import { useForecasts } from "./use-forecasts";

/** Steps whose values can be edited; a longer horizon keeps what the file says beyond them. */
const MAX_EDITED = 60;

/** Covariates ahead, to be changed: what the forecast becomes, and what the change makes of it. */
export default function WhatIfTab() {
  const { task, shown } = useSight();
  const { beside } = task.reading.series;
  if (beside.length === 0) {
    return (
      <Empty what="No column is known ahead. Tick one under Known ahead (covariates), and give its values for the steps ahead in the file, or here." />
    );
  }
  return (
    <div class="stack">
      <Difference task={task} shown={shown} />
      <Editor task={task} />
    </div>
  );
}

function Difference({ task, shown }: Pick<ReturnType<typeof useSight>, "task" | "shown">) {
  const model = useStore(modelId());
  const plain = useMemo((): Task => ({ ...task, edits: {} }), [task]);
  const before = useForecasts(plain, [model]);
  const [with_, without] = [shown?.forecasts[0], before.value?.forecasts[0]];
  const { series } = task.reading;
  const isEdited = Object.keys(task.edits).length > 0;
  if (before.fault !== undefined) return <Fault report={before.fault} />;
  if (with_ === undefined || without === undefined) return <p class="quiet-text loading">Forecasting</p>;
  const sum = (row: readonly (number | null)[]) => row.reduce<number>((all, value) => all + (value ?? 0), 0);
  const [now, then] = [sum(with_.point), sum(without.point)];
  const column = (row: readonly (number | null)[]): Values =>
    Float64Array.from({ length: task.horizon }, (_, step) => row[step] ?? Number.NaN);
  return (
    <>
      <p class="verdict" role="status">
        {isEdited
          ? `Sum over ${task.horizon} steps: ${formatFigure(now, "")}, ${formatSigned(now - then, "")} against the file.`
          : `Sum over ${task.horizon} steps: ${formatFigure(then, "")}. Change a value below to see what it does.`}
      </p>
      <Chart
        name="what-if"
        title="Forecast as changed, and as the file has it"
        unit=""
        x={column(series.times.slice(task.known, task.known + task.horizon))}
        series={[
          ...(isEdited ? [{ label: "as changed", look: 0, values: column(with_.point) }] : []),
          { label: "as in the file", look: 7, values: column(without.point) },
        ]}
        heightPx={200}
        axis={seriesAxis(series.axis, series.times, series.dates)}
        curl={forecastCurl(task, model)}
      />
    </>
  );
}

function Editor({ task }: { task: Task }) {
  const edits = useStore(editsAhead());
  const { beside } = task.reading.series;
  const values = useMemo(() => valuesAhead(task), [task]);
  const everywhere = (name: string) => {
    const first = values[name]![0]!;
    const all = Array.from({ length: task.horizon }, (_, step) => [step, first] as const);
    editsAhead().set({ ...edits, [name]: Object.fromEntries(all) });
  };
  return (
    <>
      <div class="row">
        <button
          type="button"
          class="quiet"
          disabled={Object.keys(edits).length === 0}
          onClick={() => editsAhead().set({})}
        >
          As in the file
        </button>
        {beside.map(({ name }) => (
          <button key={name} type="button" class="quiet" onClick={() => everywhere(name)}>
            First {name} everywhere
          </button>
        ))}
      </div>
      <StepsAhead task={task} edits={edits} values={values} />
      {task.horizon > MAX_EDITED && (
        <p class="quiet-text">The first {MAX_EDITED} steps can be changed here; the file says the rest.</p>
      )}
    </>
  );
}

/** Each covariate over the horizon, as it is shown and typed. */
function valuesAhead(task: Task): Record<string, string[]> {
  const { dynamic_numerical, dynamic_categorical } = seriesOf(task);
  const columns: Record<string, (string | number | null)[]> = { ...dynamic_numerical, ...dynamic_categorical };
  return Object.fromEntries(
    Object.entries(columns).map(([name, all]) => [name, all.slice(task.known).map((value) => String(value ?? ""))]),
  );
}

function StepsAhead({ task, edits, values }: { task: Task; edits: Edits; values: Record<string, string[]> }) {
  const { reading, known, horizon } = task;
  const { beside, dates } = reading.series;
  const steps = Array.from({ length: Math.min(horizon, MAX_EDITED) }, (_, step) => step);
  return (
    <div class="ahead-table">
      <table>
        <thead>
          <tr>
            <th scope="col">{reading.read.time ?? "Step"}</th>
            {beside.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step}>
              <th scope="row">{dates[known + step] ?? `+${step + 1}`}</th>
              {beside.map(({ name, kind }) => (
                <td key={name}>
                  <ValueAhead
                    label={`${name} on ${dates[known + step] ?? `step ${step + 1}`}`}
                    isNumber={kind === "numerical"}
                    isChanged={edits[name]?.[step] !== undefined}
                    value={edits[name]?.[step] ?? values[name]?.[step] ?? ""}
                    onChange={(value) => editsAhead().set({ ...edits, [name]: { ...edits[name], [step]: value } })}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ValueAheadProps {
  label: string;
  isNumber: boolean;
  isChanged: boolean;
  value: string;
  onChange(value: string): void;
}

/** What is no number is not taken, and stays until it is one. */
function ValueAhead({ label, isNumber, isChanged, value, onChange }: ValueAheadProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const isSound = (text: string) => !isNumber || (text.trim() !== "" && Number.isFinite(Number(text)));
  return (
    <input
      type="text"
      inputMode={isNumber ? "decimal" : "text"}
      aria-label={label}
      aria-invalid={typed !== null && !isSound(typed)}
      class={isChanged ? "changed" : ""}
      value={typed ?? value}
      onInput={({ currentTarget: { value: text } }) => {
        setTyped(text);
        if (isSound(text)) onChange(text);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
