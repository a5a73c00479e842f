import { RequestError } from "../../../platform/errors";
import { csvCells } from "./csv";
import { isOldOffice, isZip, xlsxTable } from "./xlsx/xlsxTable";

/** Cells as text, row by row. */
export interface TextTable {
  columns: string[];
  rows: string[][];
  delimiter?: string;
  /** Of a workbook, the sheet that was read. */
  sheet?: string;
}

/** What a caller states of the form of a file. */
export interface TableOptions {
  delimiter?: string;
  /** Of a workbook; its first sheet where absent. */
  sheet?: string;
}

export const MAX_FILE_BYTES = 64 * 1024 * 1024;
export const MAX_ROWS = 1_000_000;
export const MAX_COLUMNS = 1000;

const DELIMITERS = [",", ";", "\t", "|"];

/** A table from the bytes of a CSV, JSON or XLSX file, told apart by how they begin. @throws RequestError 413 or 422. */
export function readTable(bytes: Uint8Array, options: TableOptions = {}): TextTable {
  if (bytes.length > MAX_FILE_BYTES) {
    throw new RequestError(413, `The file has ${bytes.length} bytes; at most ${MAX_FILE_BYTES} are read.`);
  }
  if (isOldOffice(bytes)) {
    throw new RequestError(422, "The file is an old .xls workbook or has a password: save it as .xlsx without one.");
  }
  const table = isZip(bytes) ? workbookTable(bytes, options) : textTable(bytes, options);
  if (table.columns.length > MAX_COLUMNS) {
    throw new RequestError(413, `The file has ${table.columns.length} columns; at most ${MAX_COLUMNS} are read.`);
  }
  if (table.rows.length > MAX_ROWS) {
    throw new RequestError(413, `The file has ${table.rows.length} rows; at most ${MAX_ROWS} are read.`);
  }
  if (table.rows.length === 0) throw new RequestError(422, "The file has a header and no rows.");
  return table;
}

function workbookTable(bytes: Uint8Array, { sheet }: TableOptions): TextTable {
  const table = xlsxTable(bytes, { sheet, maxRows: MAX_ROWS, maxColumns: MAX_COLUMNS });
  return { ...table, columns: named(table.columns) };
}

function textTable(bytes: Uint8Array, { delimiter }: TableOptions): TextTable {
  const text = decoded(bytes).trim();
  if (text === "") throw new RequestError(422, "The file is empty: give a header and rows, or JSON.");
  return /^[[{]/.test(text) ? jsonTable(text) : csvTable(text, delimiter);
}

/** By its byte order mark, else as UTF-8, else as Windows writes it in western Europe. */
function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function csvTable(text: string, given?: string): TextTable {
  const delimiter = given ?? delimiterOf(text);
  const [columns = [], ...rows] = csvCells(text, delimiter).filter((row) => row.length > 1 || row[0] !== "");
  for (const [index, row] of rows.entries()) {
    if (row.length > columns.length) {
      const told = `Row ${index + 1} has ${row.length} cells, the header ${columns.length}`;
      throw new RequestError(422, `${told}: name the delimiter, or put texts that hold it into quotes.`);
    }
    while (row.length < columns.length) row.push("");
  }
  return { columns: named(columns), rows, delimiter };
}

/** The one that the header holds most often outside of quotes. */
function delimiterOf(text: string): string {
  const header = text.slice(0, Math.max(0, text.indexOf("\n")) || text.length).replace(/"[^"]*"/g, "");
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

function named(columns: readonly string[]): string[] {
  return columns.map((name, index) => name.trim() || `column_${index + 1}`);
}

/** `[{a, b}, ..]`, `{a: [..], b: [..]}` or `[1, 2, ..]`. */
function jsonTable(text: string): TextTable {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestError(422, "The file begins as JSON and is not: give rows as objects, or columns as lists.");
  }
  if (!Array.isArray(value)) return columnTable(value as Record<string, unknown>);
  if (value.every((one) => one === null || typeof one !== "object")) return columnTable({ value });
  const columns = [...new Set(value.flatMap((row) => Object.keys(row ?? {})))];
  return { columns: named(columns), rows: value.map((row) => columns.map((name) => cellOf(row?.[name]))) };
}

function columnTable(lists: Record<string, unknown>): TextTable {
  const entries = Object.entries(lists).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const length = entries.reduce((most, [, list]) => Math.max(most, list.length), 0);
  const short = entries.find(([, list]) => list.length !== length);
  if (short !== undefined) {
    throw new RequestError(422, `Column ${short[0]} has ${short[1].length} values, another one ${length}.`);
  }
  const rows = Array.from({ length }, (_, row) => entries.map(([, list]) => cellOf(list[row])));
  return { columns: named(entries.map(([name]) => name)), rows };
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
