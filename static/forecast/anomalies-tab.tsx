import { useMemo } from "preact/hooks";
import type { AnomaliesAnswer } from "../../src/systems/forecasting/native/schema/answer";
import { postJson } from "../common/api";
import { Chart } from "../common/chart/chart";
import { Fault } from "../common/fault";
import { useStore } from "../common/store";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { choiceCodec, useUrlState } from "../common/url-state";
import { useAsked } from "./asked";
import { useSight } from "./context";
import { curlOf, seriesOf, type Task, type Values } from "./forecast";
import { modelId } from "./place";
import { seriesAxis } from "./time-axis";
import { taskKey } from "./use-forecasts";

/** One point of the history, as the service judges it. */
type Judged = AnomaliesAnswer["series"][number]["rows"][number];

const LEVELS = ["0.95", "0.99", "0.999"] as const;

/** Points of the history that are far from what was to be expected when they came. */
export default function AnomaliesTab() {
  const { task } = useSight();
  const model = useStore(modelId());
  const [level, setLevel] = useUrlState("ordinary", choiceCodec(LEVELS, "0.99"));
  const body = useMemo(() => requestOf(task, model, Number(level)), [task, model, level]);
  const question = `${taskKey({ ...task, horizon: 0, known: 0, edits: {} })} ${model} ${level}`;
  const { value, fault, busy } = useAsked(question, "POST /api/v1/anomalies", (signal) =>
    postJson<AnomaliesAnswer>("/api/v1/anomalies", body, signal),
  );
  return (
    <div class="stack" aria-busy={busy}>
      <div class="panel-tools">
        <label>
          Ordinary points that are called ordinary
          <select value={level} onChange={(event) => setLevel(event.currentTarget.value as typeof level)}>
            {LEVELS.map((one) => (
              <option key={one} value={one}>
                {100 * Number(one)} %
              </option>
            ))}
          </select>
        </label>
      </div>
      {fault !== undefined && <Fault report={fault} />}
      {value === undefined ? (
        fault === undefined && <p class="quiet-text loading">Judging each point</p>
      ) : (
        <Found task={task} points={value.series[0]!.rows} curl={curlOf("/api/v1/anomalies", body)} />
      )}
    </div>
  );
}

function requestOf({ reading, context }: Task, model: string, level: number) {
  const known = reading.series.values.length;
  const series = seriesOf({ reading, known, horizon: 0, context, edits: {} });
  return { model, series: [series], level };
}

interface Row extends Judged {
  date: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { key: "date", title: "When", value: ({ date }) => date },
  { key: "value", title: "Value", value: ({ value }) => value, decimals: 2 },
  { key: "expected", title: "Expected", value: ({ expected }) => expected, decimals: 2 },
  { key: "low", title: "From", value: ({ lower }) => lower, decimals: 2 },
  { key: "high", title: "To", value: ({ upper }) => upper, decimals: 2 },
  { key: "score", title: "Score", value: ({ score }) => score, decimals: 1 },
  { key: "p", title: "p-value", value: ({ p_value }) => p_value, show: ({ p_value }) => pWords(p_value) },
];

function Found({ task, points, curl }: { task: Task; points: readonly Judged[]; curl: string }) {
  const { dates, times, axis } = task.reading.series;
  const column = (of: (point: Judged) => number | null): Values =>
    Float64Array.from(points, (point) => of(point) ?? Number.NaN);
  const odd = points.flatMap((point, at) => (point.anomaly ? [{ ...point, date: dates[at] ?? String(at + 1) }] : []));
  const judged = points.filter((point) => point.judged).length;
  return (
    <>
      <p class="verdict" role="status">
        {odd.length} of {judged} judged points are unusual. {points.length - judged} came too early to be judged.
      </p>
      <Chart
        name="anomalies"
        title="History, the range that was expected, and unusual points"
        unit=""
        x={Float64Array.from(points, (_, at) => times[at]!)}
        series={[
          { label: "expected", look: 0, values: column(({ expected }) => expected) },
          { label: "history", look: 7, values: column(({ value }) => value) },
        ]}
        bands={[
          {
            label: "ordinary",
            of: 0,
            low: column(({ lower }) => lower),
            high: column(({ upper }) => upper),
            reach: "outer",
          },
        ]}
        marks={[...odd]
          .sort((a, b) => (b.score ?? 0) - (a.score ?? 0))
          .slice(0, MAX_MARKED)
          .map(({ date }) => ({ at: times[dates.indexOf(date)] ?? 0, label: "" }))}
        axis={seriesAxis(axis, times, dates)}
        curl={curl}
      />
      <Table
        name="anomalies"
        caption="Unusual points"
        columns={COLUMNS}
        rows={odd}
        keyOf={({ date }) => date}
        sort={{ key: "p", direction: "ascending" }}
        empty={{ what: "No unusual points at this level." }}
      />
    </>
  );
}

/** Of the most unusual ones. */
const MAX_MARKED = 12;

const LEAST_P = 1e-5;

function pWords(p: number | null): string {
  if (p === null) return "–";
  return p < LEAST_P ? `< ${LEAST_P.toFixed(5)}` : p.toFixed(5);
}
