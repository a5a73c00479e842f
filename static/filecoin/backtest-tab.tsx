import type { BacktestFindings, Comparison, Score } from "../../src/systems/filecoin/skill/schema";
import { dateAxis } from "../common/chart/axis";
import { Chart } from "../common/chart/chart";
import { Fault } from "../common/fault";
import { formatNumber, parseDate } from "../common/format";
import { useStore } from "../common/store";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { choiceCodec, numberCodec, useUrlState } from "../common/url-state";
import { BACKTEST_PATH, backtestBody, HORIZONS_DAYS, TESTED } from "./backtest";
import { useSight } from "./context";
import { percentWords } from "./measures";
import { type Result, resultOf } from "./results";
import { curlOf } from "./simulate";
import { backtest as backtestStore } from "./studies-store";

/** How good forecasts from past days were: each beside what came, and the errors by series and horizon. */
export default function BacktestTab() {
  const { scenario } = useSight();
  const backtest = useStore(backtestStore)?.study;
  const [name, setName] = useUrlState("test.of", choiceCodec(TESTED, "circ_supply"));
  const [horizon, setHorizon] = useUrlState("test.horizon", numberCodec(180, 30, 365));
  const answer = backtest?.value?.answer;
  return (
    <>
      <div class="settings">
        <label class="choice">
          Result
          <select value={name} onChange={({ currentTarget }) => setName(TESTED[currentTarget.selectedIndex]!)}>
            {TESTED.map((series) => (
              <option key={series} value={series}>
                {resultOf(series).title}
              </option>
            ))}
          </select>
        </label>
        <label class="choice">
          Forecast ahead by
          <select value={horizon} onChange={(event) => setHorizon(Number(event.currentTarget.value))}>
            {HORIZONS_DAYS.map((days) => (
              <option key={days} value={days}>
                {days} days
              </option>
            ))}
          </select>
        </label>
      </div>
      {backtest?.fault !== undefined && <Fault report={backtest.fault} />}
      {answer !== undefined && (
        <Past
          answer={answer}
          result={resultOf(name)}
          horizon={horizon}
          curl={curlOf(BACKTEST_PATH, JSON.stringify(backtestBody(scenario)))}
        />
      )}
    </>
  );
}

interface PastProps {
  answer: BacktestFindings;
  result: Result;
  horizon: number;
  curl: string;
}

function Past({ answer, result, horizon, curl }: PastProps) {
  const past = answer.forecasts.filter((one) => one.series === result.series && one.horizon_days === horizon);
  const score = answer.scores.find((one) => one.series === result.series && one.horizon_days === horizon);
  const column = (read: (one: Comparison) => number | null | undefined) =>
    Float64Array.from(past, (one) => read(one) ?? Number.NaN);
  return (
    <>
      {score !== undefined && <p>{verdict(score, result.title)}</p>}
      {past.length > 0 && (
        <Chart
          name="past"
          axis={dateAxis("past.zoom")}
          title={`${result.title}, forecast ${horizon} days before`}
          unit={result.unit}
          x={Float64Array.from(past, ({ date }) => parseDate(date))}
          series={[
            { label: "forecast", values: column(({ forecast }) => forecast) },
            { label: "what came", values: column(({ actual }) => actual), look: 7 },
            { label: "no change", values: column(({ no_change }) => no_change), look: 2 },
          ]}
          bands={[
            {
              label: "5 to 95 %",
              of: 0,
              low: column(({ bands }) => bands?.[0]),
              high: column(({ bands }) => bands?.[4]),
              reach: "outer",
            },
            {
              label: "25 to 75 %",
              of: 0,
              low: column(({ bands }) => bands?.[1]),
              high: column(({ bands }) => bands?.[3]),
              reach: "inner",
            },
          ]}
          heightPx={240}
          curl={curl}
        />
      )}
      <Table
        name="scores"
        caption="errors by series and horizon"
        columns={COLUMNS}
        rows={answer.scores}
        keyOf={({ series, horizon_days }) => `${series} ${horizon_days}`}
        empty={{ what: "Errors by series and horizon would be here." }}
      />
    </>
  );
}

/** The score in a few sentences, its weakness included. */
export function verdict(score: Score, title: string): string {
  const { forecasts, mape, skill, inside_90, horizon_days, truth } = score;
  if (forecasts === 0 || mape === null) return `${title}: no past forecast reaches ${horizon_days} days ahead yet.`;
  const of = `${title} was off by ${percentWords(100 * mape)} on average, ${horizon_days} days ahead, in ${forecasts} forecasts from past days.`;
  const better =
    skill === null
      ? ""
      : skill > 0
        ? ` That is ${percentWords(100 * skill)} less than to say that nothing changes.`
        : " To say that nothing changes would have been as good or better.";
  const inside =
    inside_90 === null
      ? ""
      : ` ${formatNumber(100 * inside_90, 0)} % of what came lay in the band that aims at 90 %${inside_90 < 0.7 ? ": the bands are too narrow" : ""}.`;
  const made = truth === "reconstructed" ? " What came is here what the model makes of the measured flows." : "";
  return of + better + inside + made;
}

const percent = (read: (score: Score) => number | null) => ({
  value: (score: Score) => {
    const value = read(score);
    return value === null ? null : 100 * value;
  },
  show: (score: Score) => {
    const value = read(score);
    return value === null ? "–" : percentWords(100 * value);
  },
});

const COLUMNS: Column<Score>[] = [
  { key: "series", title: "Result", value: ({ series }) => resultOf(series).title },
  { key: "days", title: "Ahead", unit: "days", value: ({ horizon_days }) => horizon_days },
  { key: "forecasts", title: "Forecasts", value: ({ forecasts }) => forecasts },
  { key: "error", title: "Mean error", ...percent(({ mape }) => mape) },
  { key: "bias", title: "Bias", ...percent(({ bias }) => bias) },
  { key: "nochange", title: "No change", ...percent(({ no_change_mape }) => no_change_mape) },
  { key: "skill", title: "Better by", ...percent(({ skill }) => skill) },
  { key: "inside", title: "In the 90 % band", ...percent(({ inside_90 }) => inside_90) },
];
