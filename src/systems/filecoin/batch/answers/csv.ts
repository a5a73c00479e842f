import { isoDateOf } from "../../../../numeric/calendar";
import { writeShortest } from "../../../../numeric/decimalBytes";
import { ENTRY_BYTES, emptySheet, reserve, type Sheet, writeText, writtenBytes } from "../../answers/sheet";
import type { BatchTable } from "../request/order";
import type { BatchContents } from "./contents";
import { BAND_NAMES, bandColumn, rounded } from "./json";

const COMMA = 44;
const NEWLINE = 10;

/** A table as its rows are: how each begins, and the value in each of its columns. */
interface Table {
  head: readonly string[];
  rows: number;
  /** The first cell of a row. */
  label: (row: number) => string;
  columns: readonly ((row: number) => number)[];
}

/** The answer's table as CSV; a cell without a number is empty. */
export function writeCsv(contents: BatchContents): Uint8Array<ArrayBuffer> {
  const sheet = emptySheet();
  const table = TABLES[contents.table](contents);
  writeText(sheet, `${table.head.join(",")}\n`);
  for (let row = 0; row < table.rows; row++) writeRow(sheet, table, row);
  return writtenBytes(sheet);
}

function writeRow(sheet: Sheet, { label, columns }: Table, row: number): void {
  writeText(sheet, label(row));
  reserve(sheet, columns.length * ENTRY_BYTES + 1);
  let end = sheet.end;
  for (const column of columns) {
    sheet.bytes[end++] = COMMA;
    const value = column(row);
    if (Number.isFinite(value)) end = writeShortest(sheet.bytes, end, value);
  }
  sheet.bytes[end++] = NEWLINE;
  sheet.end = end;
}

const TABLES: Record<BatchTable, (contents: BatchContents) => Table> = {
  bands({ figures, outputs, sampledDays, zeroDay }) {
    return {
      head: ["date", ...outputs.flatMap((name) => BAND_NAMES.map((band) => `${name}_${band}`))],
      ...dated(zeroDay, sampledDays),
      columns: outputs.flatMap((_, o) =>
        BAND_NAMES.map((_, place) => {
          const valueAt = bandColumn(figures.bands!, sampledDays.length, o, place);
          return (day: number) => rounded(valueAt(day));
        }),
      ),
    };
  },
  points({ figures, outputs, pointDays, inputs }) {
    const { points } = figures;
    const runs = points.length / (outputs.length * pointDays.length);
    const names = inputs?.names ?? [];
    return {
      head: ["run", ...names, ...outputs.flatMap((name) => Array.from(pointDays, (day) => `${name}_day${day}`))],
      rows: runs,
      label: String,
      columns: [
        ...names.map((_, i) => (run: number) => inputs!.points[run * names.length + i]!),
        ...Array.from(
          { length: outputs.length * pointDays.length },
          (_, block) => (run: number) => points[block * runs + run]!,
        ),
      ],
    };
  },
  series({ figures, outputs, sampledDays, zeroDay, keptRuns }) {
    const blocks = keptRuns.flatMap(({ run, name }) => outputs.map((output) => `${output}_${name ?? `run${run}`}`));
    return {
      head: ["date", ...blocks],
      ...dated(zeroDay, sampledDays),
      columns: blocks.map((_, block) => (day: number) => figures.kept[block * sampledDays.length + day]!),
    };
  },
};

function dated(zeroDay: number, sampledDays: Int32Array): Pick<Table, "rows" | "label"> {
  return { rows: sampledDays.length, label: (row) => isoDateOf(zeroDay + sampledDays[row]!) };
}
