import { svgOf } from "../../../../platform/charts";
import { MAX_LINE_LETTERS, MAX_PDF_CELLS, MAX_TITLE_LETTERS } from "../limits";
import type { Chapter, Fact } from "../model";
import type { Chart, KeyFigure, Table } from "../section";
import { drawChart } from "../shown/charts";
import { type TableView, tableViews } from "../shown/tableView";
import { paragraphsOf, shortLine } from "../text/clean";
import { writeAlone } from "../text/numbers";
import { said } from "./said";

/** What a document uses up or gathers from block to block. */
export interface Supply {
  /** Charts as SVG, by the path under which the template reads them. */
  pictures: Record<string, string>;
  cellsLeft: number;
}

/** A figure longer than this is set smaller. */
const LONG_FIGURE_LETTERS = 14;

export function emptySupply(): Supply {
  return { pictures: {}, cellsLeft: MAX_PDF_CELLS };
}

/** The blocks of one section in the order of the page; `kind` is a function of the template. */
export function blocksOf(section: Chapter["sections"][number], supply: Supply): object[] {
  const heading = section.title === "" ? [] : [headingBlock(section.title)];
  if ("facts" in section) return [...heading, factsBlock(section.facts)];
  const { text = "", keyFigures = [], charts = [], tables = [] } = section;
  const paragraphs = paragraphsOf(text);
  return [
    ...heading,
    ...(paragraphs.length > 0 ? [{ kind: "text", paragraphs: paragraphs.map(said) }] : []),
    ...(keyFigures.length > 0 ? [{ kind: "keyFigures", items: keyFigures.map(keyFigureItem) }] : []),
    ...charts.map((chart) => chartBlock(chart, supply)),
    ...tables.flatMap((table) => tableBlocks(table, supply)),
  ];
}

export function factsBlock(facts: readonly Fact[]) {
  const items = facts.map(({ name, value, isCode = false }) => ({
    name: said(shortLine(name, MAX_TITLE_LETTERS)),
    value: said(shortLine(value, MAX_LINE_LETTERS)),
    isCode,
  }));
  return { kind: "facts", items };
}

export function tableBlock({ title, extent, note, columns, rows }: TableView) {
  return {
    kind: "table",
    title: said(title),
    extent,
    note: said(note),
    columns: columns.map(({ name, unit, isNumber }) => ({ name: said(name), unit: said(unit), isNumber })),
    rows: rows.map((row) => row.map(said)),
  };
}

function headingBlock(title: string) {
  return { kind: "heading", text: said(shortLine(title, MAX_TITLE_LETTERS)) };
}

function keyFigureItem({ name, value, unit = "", note = "" }: KeyFigure) {
  const written = typeof value === "string" ? shortLine(value, MAX_LINE_LETTERS) : writeAlone(value ?? Number.NaN);
  return {
    name: said(shortLine(name, MAX_TITLE_LETTERS)),
    value: said(written),
    isLong: written.length > LONG_FIGURE_LETTERS,
    unit: said(shortLine(unit, MAX_TITLE_LETTERS)),
    note: said(shortLine(note, MAX_TITLE_LETTERS)),
  };
}

function chartBlock(chart: Chart, supply: Supply) {
  const drawing = drawChart(chart);
  const path = `/charts/${Object.keys(supply.pictures).length}.svg`;
  supply.pictures[path] = svgOf({ ...drawing, marks: drawing.marks.filter(({ kind }) => kind !== "words") });
  const words = drawing.marks.flatMap((mark) => (mark.kind === "words" ? [{ ...mark, text: said(mark.text) }] : []));
  const { widthPx, heightPx, label } = drawing;
  return { kind: "chart", path, alt: label, widthPx, heightPx, words };
}

function tableBlocks(table: Table, supply: Supply) {
  const most = Math.floor(supply.cellsLeft / Math.max(1, table.columns.length));
  const views = tableViews(table, most);
  for (const { columns, rows } of views) supply.cellsLeft -= columns.length * rows.length;
  return views.map(tableBlock);
}
