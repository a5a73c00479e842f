import { epochDay } from "../../../numeric/calendar";
import { UsageError } from "../../../platform/errors";
import { MEASURED_FIELDS, type MeasuredStocks } from "./measured";
import type { HistorySnapshot } from "./snapshot";

const FIL_PER_MFIL = 1e6;

/**
 * The history with the stocks of a table: a column `date` (`YYYY-MM-DD`), and of each stock one in FIL or, with `_mfil`
 * at its end, in millions. Days of the table that the history has not are passed over.
 * @throws UsageError with the line, for a column that is missing or a cell that cannot be read.
 */
export function withMeasured(history: HistorySnapshot, csv: string): HistorySnapshot {
  const [head = "", ...lines] = csv
    .replace(/^\uFEFF/, "")
    .trim()
    .split(/\r?\n/);
  const names = head.split(",").map((name) => name.trim());
  const dateColumn = names.indexOf("date");
  if (dateColumn < 0) throw new UsageError("--measured: expected a column named date");
  const startDay = epochDay(history.startDate)!;
  const days = history.renewalRate.length;
  const columns = MEASURED_FIELDS.map(([name, key]) => {
    const inMillions = names.indexOf(name.replace(/fil$/, "mfil"));
    const column = inMillions < 0 ? names.indexOf(name) : inMillions;
    if (column < 0)
      throw new UsageError(
        `--measured: expected a column named ${name}, or in millions ${name.replace(/fil$/, "mfil")}`,
      );
    const values = new Float64Array(days + 1).fill(Number.NaN);
    return { key, column, values, unit: inMillions < 0 ? 1 : FIL_PER_MFIL };
  });
  for (const [line, text] of lines.entries()) {
    const cells = text.split(",");
    const day = epochDay(cells[dateColumn]?.trim() ?? "");
    if (day === undefined) throw new UsageError(`--measured: line ${line + 2} has no date as YYYY-MM-DD`);
    if (day < startDay || day > startDay + days) continue;
    for (const { column, values, unit } of columns) {
      const cell = cells[column]?.trim() ?? "";
      const value = Number(cell);
      if (cell === "" || !(value >= 0))
        throw new UsageError(`--measured: line ${line + 2} has no number in ${names[column]}`);
      values[day - startDay] = unit === 1 ? value : Math.round(value * unit);
    }
  }
  const measured = Object.fromEntries(columns.map(({ key, values }) => [key, values])) as MeasuredStocks;
  return { ...history, measured };
}
