import { writeAscii } from "../../../numeric/decimalBytes";
import type { AnswerShape, ShownSeries } from "./shape";
import { ENTRY_BYTES, NUMBER_WRITERS, reserve, type Sheet, type WriteNumber, writeText } from "./sheet";

const COMMA = 44;

/** Writes the object that holds each series under its name. */
export function writeSeriesObject(sheet: Sheet, shown: readonly ShownSeries[], shape: AnswerShape): void {
  const writeNumber = NUMBER_WRITERS[shape.precision];
  const writeOther = shape.form === "series" ? writeName : writeNull;
  let opening = "{";
  for (const series of shown) {
    writeText(sheet, `${opening}"${series.name}":[`);
    writeEntries(sheet, series, writeNumber, writeOther);
    writeText(sheet, "]");
    opening = ",";
  }
  writeText(sheet, shown.length === 0 ? "{}" : "}");
}

function writeEntries(sheet: Sheet, { values, grid }: ShownSeries, write: WriteNumber, writeOther: WriteNumber): void {
  reserve(sheet, grid.count * ENTRY_BYTES);
  const { bytes } = sheet;
  let end = sheet.end;
  for (let k = 0, index = grid.from; k < grid.count; k++, index += grid.step) {
    const value = values[index]!;
    if (k > 0) bytes[end++] = COMMA;
    end = Number.isFinite(value) ? write(bytes, end, value) : writeOther(bytes, end, value);
  }
  sheet.end = end;
}

/** JSON has no word for numbers that are none. */
const writeNull: WriteNumber = (bytes, at) => writeAscii(bytes, at, "null");

/** `"NaN"`, `"Infinity"` or `"-Infinity"`, quoted. */
const writeName: WriteNumber = (bytes, at, value) => writeAscii(bytes, at, `"${value}"`);
