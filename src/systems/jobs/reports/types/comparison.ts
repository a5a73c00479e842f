import type { Chapter, SimulationView } from "../model";
import type { Chart, ReportSection, Table } from "../section";
import { keyFigureTables } from "./keyFigures";
import { type Line, linesOf, overlaid } from "./overlay";
import { parameterRows } from "./parameters";
import { tablesSideBySide } from "./sideBySide";

/** More lines in one chart are not told apart. */
const MAX_LINES = 8;
const MAX_CHARTS = 40;

/** Simulations of one type beside the first of them: key figures, charts over each other, tables, parameters. */
export function comparisonChapters(views: readonly SimulationView[]): Chapter[] {
  const names = namesOf(views);
  const chapters: [title: string, section: Omit<ReportSection, "title">][] = [
    ["Key figures", { tables: keyFigureTables(views, names) }],
    ["Charts", chartSection(views, names)],
    ["Tables", { tables: tablesSideBySide(views.map(tablesByKey), names) }],
    ["Parameters", parameterSection(views, names)],
  ];
  return chapters
    .filter(([, { text = "", tables = [], charts = [] }]) => text !== "" || tables.length + charts.length > 0)
    .map(([title, section]) => ({ title, sections: [{ title: "", ...section }] }));
}

/** What the simulations are called; those of one name are told apart by a number. */
function namesOf(views: readonly SimulationView[]): string[] {
  const counts = Map.groupBy(views, ({ title }) => title);
  return views.map(({ title }, place) => (counts.get(title)!.length > 1 ? `${title} (${place + 1})` : title));
}

function chartSection(views: readonly SimulationView[], names: readonly string[]): { text: string; charts: Chart[] } {
  const lines = views.slice(0, MAX_LINES).map(linesByKey);
  const shared = [...(lines[0]?.keys() ?? [])].filter((key) => lines.filter((own) => own.has(key)).length >= 2);
  const charts = shared.slice(0, MAX_CHARTS).map((key) =>
    overlaid(
      lines.flatMap((own, place) => {
        const line = own.get(key);
        return line === undefined ? [] : [{ name: names[place]!, line }];
      }),
    ),
  );
  const text =
    views.length > MAX_LINES && charts.length > 0
      ? `Charts show the first ${MAX_LINES} of ${views.length} simulations.`
      : "";
  return { text, charts };
}

/** By section, chart and series. Where one name stands for several of them, their titles tell more. */
function linesByKey({ sections }: SimulationView): Map<string, Line> {
  const lines = sections.flatMap(({ title, charts = [] }) =>
    charts.flatMap(linesOf).map((line) => {
      const own = line.chart === line.title ? line.title : `${line.chart}: ${line.title}`;
      const titles = [line.title, own, `${title}: ${line.title}`, `${title}: ${own}`];
      return { key: [title, line.chart, line.title, line.unit].join("\n"), line, titles };
    }),
  );
  const counts = Map.groupBy(
    lines.flatMap(({ titles }) => [...new Set(titles)]),
    (title) => title,
  );
  return new Map(
    lines.map(({ key, line, titles }) => {
      const title = titles.find((one) => counts.get(one)!.length === 1) ?? titles.at(-1)!;
      return [key, { ...line, title }];
    }),
  );
}

function tablesByKey({ sections }: SimulationView): Map<string, Table> {
  return new Map(
    sections.flatMap(({ title, tables = [] }) =>
      tables.map((table) => {
        const heading = [title, table.title].filter((part) => part !== "").join(": ");
        return [
          `${heading}\n${table.columns.map(({ name }) => name).join("\n")}`,
          { ...table, title: heading },
        ] as const;
      }),
    ),
  );
}

/** The parameters in which simulations differ, and how many do not. */
function parameterSection(
  views: readonly SimulationView[],
  names: readonly string[],
): { text: string; tables: Table[] } {
  const values = views.map(({ parameters }) => new Map(parameterRows(parameters)));
  const paths = [...new Set(values.flatMap((own) => [...own.keys()]))];
  const differing = paths.filter((path) => new Set(values.map((own) => own.get(path))).size > 1);
  const same = paths.length - differing.length;
  if (differing.length === 0) return { text: same === 0 ? "" : "The parameters of all are the same.", tables: [] };
  const columns = [{ name: "Parameter" }, ...names.map((name) => ({ name }))];
  const rows = differing.map((path) => [path, ...values.map((own) => own.get(path) ?? "not given")]);
  const text =
    same === 0 ? "" : `Parameters that differ; ${same === 1 ? "one more is" : `${same} more are`} the same in all.`;
  return { text, tables: [{ title: "", columns, rows }] };
}
