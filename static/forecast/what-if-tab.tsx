import { useMemo } from "preact/hooks";
import { Chart } from "../common/chart/chart";
import { Empty } from "../common/empty";
import { Fault } from "../common/fault";
import { formatFigure, formatSigned } from "../common/format";
import { useStore } from "../common/store";
import { useSight } from "./context";
import { forecastCurl, seriesOf, type Task, type Values } from "./forecast";
import { editsAhead, modelId } from "./place";
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
  const { beside, dates } = task.reading.series;
  const used = seriesOf(task);
  const steps = Array.from({ length: Math.min(task.horizon, MAX_EDITED) }, (_, step) => step);
  const valueAt = (name: string, step: number) => {
    const column = { ...used.dynamic_numerical, ...used.dynamic_categorical }[name] as (string | number | null)[];
    return edits[name]?.[step] ?? String(column[task.known + step] ?? "");
  };
  const set = (name: string, step: number, value: string) =>
    editsAhead().set({ ...edits, [name]: { ...edits[name], [step]: value } });
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
        {beside.map(({ name, kind }) => (
          <button
            key={name}
            type="button"
            class="quiet"
            onClick={() =>
              editsAhead().set({
                ...edits,
                [name]: Object.fromEntries(
                  Array.from({ length: task.horizon }, (_, step) => [step, valueAt(name, 0)] as const),
                ),
              })
            }
          >
            {kind === "numerical" ? "First value of" : "First"} {name} everywhere
          </button>
        ))}
      </div>
      <div class="ahead-table">
        <table>
          <thead>
            <tr>
              <th scope="col">{task.reading.read.time ?? "Step"}</th>
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
                <th scope="row">{dates[task.known + step] ?? `+${step + 1}`}</th>
                {beside.map(({ name, kind }) => (
                  <td key={name}>
                    <input
                      type="text"
                      inputMode={kind === "numerical" ? "decimal" : "text"}
                      aria-label={`${name} on ${dates[task.known + step] ?? `step ${step + 1}`}`}
                      class={edits[name]?.[step] === undefined ? "" : "changed"}
                      value={valueAt(name, step)}
                      onInput={({ currentTarget: { value } }) =>
                        (kind !== "numerical" || (value !== "" && Number.isFinite(Number(value)))) &&
                        set(name, step, value)
                      }
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {task.horizon > MAX_EDITED && (
        <p class="quiet-text">The first {MAX_EDITED} steps can be changed here; the file says the rest.</p>
      )}
    </>
  );
}
