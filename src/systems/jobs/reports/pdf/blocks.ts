import { svgOf } from "../../../../platform/charts";
import { MAX_LINE_LETTERS, MAX_PDF_CELLS, MAX_PDF_CHARTS, MAX_PDF_SECTIONS, MAX_TITLE_LETTERS } from "../limits";
import type { Chapter, Fact } from "../model";
import type { Chart, KeyFigure, Table } from "../section";
import { drawChart } from "../shown/charts";
import { writtenFigure } from "../shown/keyFigure";
import { type TableView, tableViews } from "../shown/tableView";
import { paragraphsOf, shortLine } from "../text/clean";
import { said } from "./said";

/** What a document uses up or gathers from block to block. */
export interface Supply {
  /** Charts as SVG, by the path under which the template reads them. */
  pictures: Record<string, string>;
  cellsLeft: number;
  sectionsLeft: number;
  /** What has found no place. */
  leftOut: { sections: number; keyFigures: number; charts: number; tables: number };
}

/** A figure longer than this is set smaller. */
const LONG_FIGURE_LETTERS = 14;

export function emptySupply(): Supply {
  return {
    pictures: {},
    cellsLeft: MAX_PDF_CELLS,
    sectionsLeft: MAX_PDF_SECTIONS,
    leftOut: { sections: 0, keyFigures: 0, charts: 0, tables: 0 },
  };
}

/** A line on what has found no place; empty where all has. */
export function leftOutLine({ leftOut }: Supply): string {
  const words = { sections: "sections", keyFigures: "key figures", charts: "charts", tables: "tables" };
  const parts = Object.entries(words).flatMap(([kind, word]) => {
    const count = leftOut[kind as keyof typeof words];
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return parts.length === 0 ? "" : `${parts.join(", ")}: over the limit of a PDF; the HTML and JSON reports have them.`;
}

/** The blocks of one section in the order of the page; `kind` is a function of the template. */
export function blocksOf(section: Chapter["sections"][number], supply: Supply): object[] {
  if (supply.sectionsLeft === 0) {
    supply.leftOut.sections++;
    return [];
  }
  supply.sectionsLeft--;
  const heading = section.title === "" ? [] : [headingBlock(section)];
  if ("facts" in section) return [...heading, factsBlock(section.facts)];
  const { text = "", keyFigures = [], charts = [], tables = [] } = section;
  const paragraphs = paragraphsOf(text);
  return [
    ...heading,
    ...(paragraphs.length > 0 ? [{ kind: "text", paragraphs: paragraphs.map(said) }] : []),
    ...keyFigureBlocks(keyFigures, supply),
    ...charts.flatMap((chart) => chartBlocks(chart, supply)),
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

/** Whoever looks for the source of one simulation among many finds the chapter. */
function headingBlock(section: Chapter["sections"][number]) {
  return {
    kind: "heading",
    text: said(shortLine(section.title, MAX_TITLE_LETTERS)),
    isInContents: !("facts" in section),
  };
}

/** A key figure takes as much of the typesetter as some cells do. */
const CELLS_PER_KEY_FIGURE = 4;

function keyFigureBlocks(keyFigures: readonly KeyFigure[], supply: Supply) {
  const shown = keyFigures.slice(0, Math.floor(supply.cellsLeft / CELLS_PER_KEY_FIGURE));
  supply.cellsLeft -= CELLS_PER_KEY_FIGURE * shown.length;
  supply.leftOut.keyFigures += keyFigures.length - shown.length;
  return shown.length === 0 ? [] : [{ kind: "keyFigures", items: shown.map(keyFigureItem) }];
}

function keyFigureItem({ name, value, unit = "", note = "" }: KeyFigure) {
  const written = writtenFigure(value);
  return {
    name: said(shortLine(name, MAX_TITLE_LETTERS)),
    value: said(written),
    isLong: written.length > LONG_FIGURE_LETTERS,
    unit: said(shortLine(unit, MAX_TITLE_LETTERS)),
    note: said(shortLine(note, MAX_TITLE_LETTERS)),
  };
}

function chartBlocks(chart: Chart, supply: Supply) {
  const drawn = Object.keys(supply.pictures).length;
  if (drawn >= MAX_PDF_CHARTS) {
    supply.leftOut.charts++;
    return [];
  }
  const drawing = drawChart(chart);
  const path = `/charts/${drawn}.svg`;
  supply.pictures[path] = svgOf({ ...drawing, marks: drawing.marks.filter(({ kind }) => kind !== "words") });
  const words = drawing.marks.flatMap((mark) => (mark.kind === "words" ? [{ ...mark, text: said(mark.text) }] : []));
  const { widthPx, heightPx, label } = drawing;
  return [{ kind: "chart", path, alt: label, widthPx, heightPx, words }];
}

function tableBlocks(table: Table, supply: Supply) {
  const most = Math.floor(supply.cellsLeft / Math.max(1, table.columns.length));
  if (most === 0 && table.rows.length > 0) {
    supply.leftOut.tables++;
    return [];
  }
  const views = tableViews(table, most);
  for (const { columns, rows } of views) supply.cellsLeft -= columns.length * rows.length;
  return views.map(tableBlock);
}
