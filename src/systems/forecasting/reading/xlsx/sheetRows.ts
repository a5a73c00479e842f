import { RequestError } from "../../../../platform/errors";
import { serialDateText } from "./dateStyles";
import { attributeOf, type XmlTag, xmlTags } from "./xmlTags";

export interface SheetContext {
  texts: readonly string[];
  /** By the number of a style, whether it shows dates. */
  dates: readonly boolean[];
  calendar: "1900" | "1904";
  maxRows: number;
  maxColumns: number;
}

const MAX_CELLS = 10_000_000;

interface Reader {
  context: SheetContext;
  rows: string[][];
  row: string[];
  /** Where the next cell stands that does not say where. */
  column: number;
  cell: { tag: XmlTag; column: number; text: string } | undefined;
  cells: number;
}

/**
 * The cells of a sheet as text, rows without any left out; a formula counts as its last value. Source: ECMA-376-1, 18.3.1.
 * @throws RequestError 413 over a limit
 */
export function sheetRows(xml: string, context: SheetContext): string[][] {
  const reader: Reader = { context, rows: [], row: [], column: 0, cell: undefined, cells: 0 };
  for (const tag of xmlTags(xml)) VISITS.get(tag.name)?.(reader, tag);
  return reader.rows;
}

const VISITS = new Map([
  ["row", visitRow],
  ["c", visitCell],
  ["v", visitText],
  ["t", visitText],
]);

function visitRow(reader: Reader, { kind }: XmlTag): void {
  const { rows, row, context } = reader;
  if (kind !== "start" && row.length > 0) rows.push(row);
  if (rows.length > context.maxRows + 1) {
    throw new RequestError(413, `The sheet has more than ${context.maxRows} rows; at most as many are read.`);
  }
  reader.row = [];
  reader.column = 0;
}

function visitCell(reader: Reader, tag: XmlTag): void {
  if (tag.kind !== "end") {
    const column = columnOf(attributeOf(tag, "r")) ?? reader.column;
    reader.cell = tag.kind === "start" ? { tag, column, text: "" } : undefined;
    reader.column = column + 1;
  } else if (reader.cell !== undefined) {
    const { cell } = reader;
    put(reader, cell.column, cellText(cell.tag, cell.text, reader.context));
    reader.cell = undefined;
  }
}

function visitText({ cell }: Reader, { kind, text }: XmlTag): void {
  if (cell !== undefined && kind === "end") cell.text += text;
}

/** Puts a text into its place, empty ones before it where there are none. */
function put(reader: Reader, column: number, text: string): void {
  if (text === "") return;
  const { row, context } = reader;
  if (column >= context.maxColumns) {
    throw new RequestError(413, `The sheet has more than ${context.maxColumns} columns.`);
  }
  const before = row.length;
  while (row.length < column) row.push("");
  row[column] = text;
  reader.cells += row.length - before;
  if (reader.cells > MAX_CELLS) throw new RequestError(413, `The sheet has more than ${MAX_CELLS} cells.`);
}

/** From 0, of a reference such as `AB12`. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? "")?.[0];
  if (letters === undefined) return undefined;
  return [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function cellText(tag: XmlTag, written: string, { texts, dates, calendar }: SheetContext): string {
  const type = attributeOf(tag, "t") ?? "n";
  if (type === "s") return (texts[Number(written)] ?? "").trim();
  if (type === "b") return written === "1" ? "true" : "false";
  if (type !== "n" || written === "") return written.trim();
  if (dates[Number(attributeOf(tag, "s") ?? 0)]) return serialDateText(Number(written), calendar) ?? written;
  return written;
}
