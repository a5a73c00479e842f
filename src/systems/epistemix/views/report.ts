import { epochDay } from "../../../numeric/calendar";
import { jsonBytes } from "../../../platform/simulations";
import type { ConditionCurvesAnswer, CurvesAnswer, RangeAnswer } from "../schema/page";
import { curvesOf, type RunResult } from "./curves";
import { textsIn } from "./resultFiles";

/** A part of a report as plain values: what is shown, not how. */
export interface ReportSection {
  title: string;
  text?: string;
  keyFigures?: { name: string; value: number | string | null; unit?: string; note?: string }[];
  charts?: object[];
  tables?: { title: string; columns: { name: string; unit?: string }[]; rows: (string | number | null)[][] }[];
}

/** What a report of a job shows, and the figures behind it. */
export interface ReportContent {
  sections: ReportSection[];
  /** The curves as JSON. */
  json: Uint8Array;
}

export interface ReportInput {
  results: readonly RunResult[];
  /** The programs as they were run. */
  files: Readonly<Record<string, string>>;
}

const MAX_LINES = 1000;
const BAND = "5 to 95 %";
/** A blank that a page keeps at the beginning of a line. */
const FIXED_BLANK = "\u00a0";

/** What a detailed report shows of the runs of one configuration. */
export function reportContent({ results, files }: ReportInput): ReportContent {
  const curves = curvesOf(results);
  const sections = [
    ...curves.conditions.flatMap((condition) => conditionSections(condition, curves)),
    runSection(curves),
    ...assumptionSections(results),
    ...Object.entries(files).map(([path, text]) => modelSection(path, text)),
  ];
  return { sections, json: jsonBytes(curves) };
}

type Bands = ConditionCurvesAnswer["places"][number]["came"];

function conditionSections(condition: ConditionCurvesAnswer, curves: CurvesAnswer): ReportSection[] {
  const { name, exposed, places } = condition;
  const states = condition.states.filter(({ total, peak }) => total.high > 0 || peak.high > 0);
  const startDay = epochDay(curves.startDate) ?? 0;
  const passing = states.filter(({ peak, there }) => peak.median > there.median[0]!);
  const stateLines = states.map((state) => ({ name: state.name, bands: state.there }));
  const placeLines = places
    .filter(({ total }) => total.high > 0)
    .map((place) => ({ name: place.name.replaceAll("_", " "), bands: place.came }));
  return [
    {
      title: name,
      text:
        `Medians of ${curves.runs.length} runs over ${curves.days} days from ${curves.startDate}, ` +
        "with the range in which nine in ten of them lie.",
      keyFigures: [
        { name: "People", value: curves.people },
        ...(exposed === null ? [] : [figure("Exposed", exposed)]),
        ...passing.map((state) => figure(`${state.name}, peak`, state.peak)),
      ],
      charts: [
        chartOf(`${name} by state`, "people", startDay, stateLines),
        ...(placeLines.length === 0
          ? []
          : [chartOf(`${name}: exposed by place, mean of seven days`, "people a day", startDay, placeLines)]),
      ],
      tables: [stateTable(states, startDay), ...(places.length === 0 ? [] : [placeTable(places)])],
    },
  ];
}

function chartOf(title: string, unit: string, startDay: number, lines: readonly { name: string; bands: Bands }[]) {
  return {
    kind: "line",
    title,
    unit,
    x: { startDay },
    series: lines.map(({ name, bands }) => ({ name, values: bands.median })),
    bands: lines.map(({ bands }, of) => ({ name: BAND, low: bands.low, high: bands.high, level: "outer", of })),
  };
}

function stateTable(states: ConditionCurvesAnswer["states"], startDay: number) {
  return {
    title: "States",
    columns: ["State", "Peak", "5 %", "95 %", "Day of the peak", "At the end", "Entered in all"].map(named),
    rows: states.map(({ name, peak, peakDay, end, total }) => [
      name,
      peak.median,
      peak.low,
      peak.high,
      dayText(startDay + Math.round(peakDay.median)),
      end.median,
      total.median,
    ]),
  };
}

function placeTable(places: ConditionCurvesAnswer["places"]) {
  return {
    title: "Where people were exposed",
    columns: ["Place", "Exposed", "5 %", "95 %"].map(named),
    rows: places.map(({ name, total }) => [name.replaceAll("_", " "), total.median, total.low, total.high]),
  };
}

const named = (name: string) => ({ name });

function figure(name: string, { median, low, high }: RangeAnswer) {
  return {
    name,
    value: median,
    note: low === high ? "in all runs" : `${BAND}: ${Math.round(low)} to ${Math.round(high)}`,
  };
}

function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

function runSection({ runs, leftOut }: CurvesAnswer): ReportSection {
  const text = leftOut === 0 ? "" : `${leftOut} more runs have other dates or states and are left out.`;
  return {
    title: "Runs",
    text,
    tables: [{ title: "", columns: ["Run", "Seed"].map(named), rows: runs.map(({ id, seed }) => [String(id), seed]) }],
  };
}

/** What the people of the first run are made of, as its own `about.json` says. */
function assumptionSections(results: readonly RunResult[]): ReportSection[] {
  const [first] = results;
  const text = first === undefined ? undefined : textsIn(first.zip, (path) => path === "about.json").get("about.json");
  if (text === undefined) return [];
  const about = JSON.parse(text) as { figures?: Record<string, string>; assumptions?: string[] };
  const rows = [
    ...Object.entries(about.figures ?? {}).map(([what, source]) => ["public figure", `${what}: ${source}`]),
    ...(about.assumptions ?? []).map((assumption) => ["assumption", assumption]),
  ];
  if (rows.length === 0) return [];
  return [{ title: "Where the people come from", tables: [{ title: "", columns: ["Kind", "What"].map(named), rows }] }];
}

function modelSection(path: string, text: string): ReportSection {
  const lines = text.trimEnd().split("\n");
  const rows = lines
    .slice(0, MAX_LINES)
    .map((line, place) => [String(place + 1), line.replace(/^[ \t]+/, (blanks) => FIXED_BLANK.repeat(blanks.length))]);
  return { title: `Model: ${path}`, tables: [{ title: "", columns: ["Line", "Program"].map(named), rows }] };
}
