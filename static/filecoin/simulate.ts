import type { OutputName } from "../../src/systems/filecoin/schema/series";
import { postForAnswer } from "../common/api";
import { comebacks } from "../common/comebacks";
import { parseDate } from "../common/format";
import { type Latest, useLatest } from "./latest";
import { type Scenario, scenarioBody } from "./scenario";

export type Column = Float64Array<ArrayBuffer>;

/** A run of a scenario: daily series from the first day of the history to the last of the forecast. */
export interface Run {
  /** What was asked, by which it is remembered. */
  body: string;
  /** Days as seconds since the epoch. */
  x: Column;
  /** How many days lie before the forecast. */
  historyDays: number;
  /** Each as long as `x`; what the model has no number for is NaN. */
  series: Partial<Record<OutputName, Column>>;
  warnings: RunWarning[];
}

/** Entries of a series that are no numbers. */
export interface RunWarning {
  series: OutputName;
  count: number;
  first_date: string;
  reason: string;
}

const PATH = "/simulate?shape=flat";
export const DAY_S = 86_400;

/** Shown in per cent. */
const SHARES = new Set<OutputName>(["1y_sector_roi"]);

const REMEMBERED = 24;
const remembered = new Map<string, Run>();
comebacks.subscribe(forgetRuns);

/** The run of the scenario with these series; of one that was asked before, the same object. */
export async function simulate(body: string, signal: AbortSignal): Promise<Run> {
  const known = remembered.get(body);
  if (known !== undefined) return known;
  const { value, headers } = await postForAnswer<Record<OutputName, (number | null)[]>>(PATH, JSON.parse(body), signal);
  const run = readRun(body, value, headers);
  remembered.set(body, run);
  if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value!);
  return run;
}

/** Forgets all runs, for when the history has changed, or may have while the server was away. */
export function forgetRuns(): void {
  remembered.clear();
}

/** The run of the scenario, done anew in the background whenever it changes; none without a scenario. */
export function useRun(scenario: Scenario | undefined, names: readonly OutputName[]): Latest<Run> {
  const body = scenario && runBody(scenario, names);
  return useLatest(body, `POST ${PATH}`, (signal) => simulate(body!, signal));
}

/** The runs of several scenarios, all of them or none; while they change, those from before. */
export function useRuns(scenarios: readonly Scenario[], names: readonly OutputName[]): Latest<Run[]> {
  const bodies = scenarios.map((scenario) => runBody(scenario, names));
  return useLatest(bodies.join("\n"), `POST ${PATH}`, (signal) =>
    Promise.all(bodies.map((body) => simulate(body, signal))),
  );
}

export function runBody(scenario: Scenario, names: readonly OutputName[]): string {
  return JSON.stringify({ ...scenarioBody(scenario), output: names });
}

/** The command that gets the same figures. */
export function runCurl(scenario: Scenario, names: readonly OutputName[]): string {
  return curlOf(PATH, runBody(scenario, names));
}

/** A POST as a command of the shell. */
export function curlOf(path: string, body: string): string {
  return `curl -s '${location.origin}${path}' -H 'content-type: application/json' -d '${body}'`;
}

function readRun(body: string, answer: Record<string, (number | null)[]>, headers: Headers): Run {
  const [, from, to] = /(\S+)\.\.(\S+)$/.exec(headers.get("x-source") ?? "") ?? [];
  const [startS, todayS] = [parseDate(from ?? ""), parseDate(to ?? "")];
  if (!(todayS >= startS)) throw new Error("The answer of the server does not say which days it is for.");
  const names = Object.keys(answer) as OutputName[];
  const days = Math.max(...names.map((name) => answer[name]!.length));
  const series: Run["series"] = {};
  for (const name of names) series[name] = columnOf(answer[name]!, days, SHARES.has(name) ? 100 : 1);
  return {
    body,
    x: Float64Array.from({ length: days }, (_, day) => startS + day * DAY_S),
    historyDays: (todayS - startS) / DAY_S,
    series,
    warnings: (JSON.parse(headers.get("x-warnings") ?? "[]") as RunWarning[]).filter(({ series }) => series),
  };
}

function columnOf(values: readonly (number | null)[], days: number, factor: number): Column {
  const column = new Float64Array(days).fill(Number.NaN);
  for (let day = 0; day < values.length; day++) {
    const value = values[day];
    if (value !== null && value !== undefined) column[day] = value * factor;
  }
  return column;
}
