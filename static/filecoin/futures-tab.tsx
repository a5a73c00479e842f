import { useMemo } from "preact/hooks";
import type { BatchAnswer } from "../../src/systems/filecoin/batch/schema/answers";
import { Chart } from "../common/chart/chart";
import { Fault } from "../common/fault";
import { formatDate, formatNumber } from "../common/format";
import { Progress } from "../common/progress";
import { status } from "../common/status";
import { useStore } from "../common/store";
import { Table } from "../common/table";
import type { Column as TableColumn } from "../common/table-rows";
import { choiceCodec, useUrlState } from "../common/url-state";
import {
  CARD_RUN_COUNTS,
  futureBands,
  futuresCurl,
  futuresMethod,
  futuresRuns,
  futuresSeed,
  METHODS,
  quantileColumn,
  RUN_COUNTS,
  type ShareName,
} from "./bands";
import { useSight } from "./context";
import { COMPARED_YEARS, dayOfYear, measureWords } from "./measures";
import { ResultChoice } from "./result-choice";
import { RESULT_NAMES, type Result, resultOf } from "./results";
import { type Run, useRun } from "./simulate";
import { futures as futuresStore } from "./studies-store";

/** Many futures of the scenario, its rates wandering by chance as they did in the history. */
export default function FuturesTab() {
  const { scenario } = useSight();
  const futures = useStore(futuresStore)?.study;
  const [name, setName] = useUrlState("mc.of", choiceCodec(RESULT_NAMES, "circ_supply"));
  const run = useRun(scenario, [name]);
  const study = futures?.value;
  return (
    <>
      <div class="settings">
        <ResultChoice name={name} onChange={setName} />
        <FuturesSettings />
      </div>
      {futures?.fault !== undefined && <Fault report={futures.fault} />}
      {study !== undefined && study.total > 0 && (
        <Progress
          label={
            study.answer === undefined
              ? "Futures"
              : `Futures on ${study.answer.stamp.adapter ?? study.answer.stamp.engine}`
          }
          unit="runs"
          done={study.done}
          total={study.total}
          elapsedS={study.elapsedS}
        />
      )}
      {study?.answer !== undefined && run.value?.series[name] !== undefined && (
        <Fan answer={study.answer} run={run.value} result={resultOf(name)} />
      )}
    </>
  );
}

function FuturesSettings() {
  const [runs, method, seed] = [futuresRuns(), futuresMethod(), futuresSeed()];
  const hasCard = useStore(status)?.systems.some(({ statusLine }) =>
    statusLine.some((words) => words.startsWith("GPU ")),
  );
  const counts = [...new Set([...RUN_COUNTS, ...(hasCard ? CARD_RUN_COUNTS : []), useStore(runs)])].sort(
    (a, b) => a - b,
  );
  return (
    <>
      <label class="choice">
        Runs
        <select value={useStore(runs)} onChange={(event) => runs.set(Number(event.currentTarget.value))}>
          {counts.map((count) => (
            <option key={count} value={count}>
              {formatNumber(count, 0)}
            </option>
          ))}
        </select>
      </label>
      <label class="choice">
        Rates
        <select
          value={useStore(method)}
          onChange={({ currentTarget }) => method.set(METHODS[currentTarget.selectedIndex]!.name)}
        >
          {METHODS.map(({ name, words }) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label class="choice">
        Seed
        <input
          type="number"
          min={0}
          step={1}
          value={useStore(seed)}
          onChange={({ currentTarget: { valueAsNumber } }) => {
            if (Number.isInteger(valueAsNumber) && valueAsNumber >= 0) seed.set(valueAsNumber);
          }}
        />
      </label>
    </>
  );
}

function Fan({ answer, run, result }: { answer: BatchAnswer; run: Run; result: Result }) {
  const { scenario } = useSight();
  const { series: name, title, unit } = result;
  const median = quantileColumn(answer, run, name, "p50");
  const today = run.x[run.historyDays]!;
  const bands = useMemo(() => futureBands(answer, run, name, 1), [answer, run, name]);
  const lines = useMemo(
    () => [
      { label: "this scenario", values: run.series[name]! },
      ...(median === undefined ? [] : [{ label: "median of the futures", values: median }]),
    ],
    [run, name, median],
  );
  return (
    <>
      <Chart
        name="fan"
        title={`${title} in ${formatNumber(answer.runs.total, 0)} futures`}
        unit={unit}
        x={run.x}
        series={lines}
        bands={median === undefined ? [] : bands}
        boundary={{ at: today, label: `Forecast from ${formatDate(today)}` }}
        canBeLog
        heightPx={280}
        curl={futuresCurl(scenario)}
      />
      <QuantileTable {...{ answer, run, result }} />
    </>
  );
}

const SHARES: { name: ShareName; title: string }[] = [
  { name: "p5", title: "5 %" },
  { name: "p25", title: "25 %" },
  { name: "p50", title: "Median" },
  { name: "p75", title: "75 %" },
  { name: "p95", title: "95 %" },
];

interface QuantileRow {
  years: number;
  values: Record<ShareName, number>;
}

/** Where the futures lie after 1, 3, 5 and 10 years. */
function QuantileTable({ answer, run, result }: { answer: BatchAnswer; run: Run; result: Result }) {
  const { series: name, unit } = result;
  const rows = COMPARED_YEARS.map((years): QuantileRow => {
    const valueAt = (share: ShareName) =>
      quantileColumn(answer, run, name, share)?.[dayOfYear(run, years)] ?? Number.NaN;
    const values = Object.fromEntries(SHARES.map((share) => [share.name, valueAt(share.name)]));
    return { years, values: values as QuantileRow["values"] };
  });
  const columns: TableColumn<QuantileRow>[] = [
    { key: "years", title: "After", value: ({ years }) => (years === 1 ? "1 year" : `${years} years`) },
    ...SHARES.map(
      (share): TableColumn<QuantileRow> => ({
        key: share.name,
        title: share.title,
        value: ({ values }) => (Number.isFinite(values[share.name]) ? values[share.name] : null),
        show: ({ values }) => measureWords(values[share.name], unit),
      }),
    ),
  ];
  return (
    <Table
      name="quantiles"
      caption="quantiles of the futures"
      columns={columns}
      rows={rows}
      keyOf={({ years }) => String(years)}
      empty={{ what: "Quantiles would be here." }}
    />
  );
}
