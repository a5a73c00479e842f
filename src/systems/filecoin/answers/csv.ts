import { writeAscii, writeShortest } from "../../../numeric/decimalBytes";
import { type AnswerShape, dateAt, type Grid, type ShownSeries } from "./shape";
import { ENTRY_BYTES, NUMBER_WRITERS, reserve, type Sheet, writeText } from "./sheet";

const COMMA = 44;
const NEWLINE = 10;
const DATE_BYTES = 12;

/**
 * Writes a table: a line of names, then a line for each day that `rows` keeps, counted from `zeroDay`, its date first.
 * A series that has no value for a day leaves its cell empty; numbers that are none are written as `NaN`, `Infinity`
 * and `-Infinity`.
 */
export function writeTable(
  sheet: Sheet,
  shown: readonly ShownSeries[],
  zeroDay: number,
  rows: Grid,
  precision: AnswerShape["precision"],
): void {
  writeText(sheet, `${["date", ...shown.map(({ name }) => name)].join(",")}\n`);
  reserve(sheet, rows.count * (DATE_BYTES + shown.length * ENTRY_BYTES));
  const { bytes } = sheet;
  const writeFinite = NUMBER_WRITERS[precision];
  for (let k = 0; k < rows.count; k++) {
    let end = writeAscii(bytes, sheet.end, dateAt(zeroDay, rows, k));
    const day = zeroDay + rows.from + k * rows.step;
    for (const series of shown) {
      bytes[end++] = COMMA;
      const value = series.values[day - series.zeroDay];
      if (value === undefined) continue;
      end = Number.isFinite(value) ? writeFinite(bytes, end, value) : writeShortest(bytes, end, value);
    }
    bytes[end++] = NEWLINE;
    sheet.end = end;
  }
}
