import type { Chapter, ReportModel } from "../model";
import type { Cell, Column, KeyFigure, Table } from "../section";
import { chartTable } from "../shown/chartTable";
import { aboutReport, overviewOf } from "../shown/overview";
import { cleanText } from "../text/clean";

/** A report as CSV (RFC 4180, UTF-8): one table after another, each under a line with its title, parted by empty lines. */
export function csvOf(model: ReportModel): Uint8Array {
  let text = "";
  for (const cells of linesOf(model)) text += `${cells.map(written).join(",")}\r\n`;
  return new TextEncoder().encode(text);
}

function* linesOf(model: ReportModel): Iterable<readonly Cell[]> {
  yield [model.title];
  for (const { name, value } of aboutReport(model)) yield [name, value];
  yield [];
  yield* tableLines(overviewOf(model), []);
  for (const { title, sections } of model.chapters) {
    for (const section of sections) {
      for (const table of tablesOf(section)) yield* tableLines(table, [title, section.title]);
    }
  }
}

/** All of a section that has values: key figures, what charts are drawn of, and the tables. */
function tablesOf(section: Chapter["sections"][number]): Table[] {
  if ("facts" in section) {
    const rows = section.facts.map(({ name, value }) => [name, value]);
    return [{ title: "", columns: [{ name: "Name" }, { name: "Value" }], rows }];
  }
  const { keyFigures = [], charts = [], tables = [] } = section;
  return [...(keyFigures.length > 0 ? [keyFigureTable(keyFigures)] : []), ...charts.map(chartTable), ...tables];
}

function keyFigureTable(keyFigures: readonly KeyFigure[]): Table {
  const columns = [{ name: "Name" }, { name: "Value" }, { name: "Unit" }, { name: "Note" }];
  const rows = keyFigures.map(({ name, value, unit = "", note = "" }) => [name, value, unit, note]);
  return { title: "Key figures", columns, rows };
}

function* tableLines({ title, columns, rows }: Table, path: readonly string[]): Iterable<readonly Cell[]> {
  yield [[...path, title].filter((part) => part !== "").join(" / ")];
  yield columns.map(columnName);
  yield* rows;
  yield [];
}

function columnName({ name, unit = "" }: Column): string {
  return unit === "" ? name : `${name} (${unit})`;
}

/** What spreadsheets would run as a formula; an apostrophe before it makes it a text. Numbers are never touched. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;
const NEEDS_QUOTES = /[",\n]/;

function written(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  if (typeof cell === "boolean") return String(cell);
  const text = cleanText(cell);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
