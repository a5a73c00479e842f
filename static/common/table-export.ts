import { csvOf } from "./csv";
import { downloadText } from "./download";
import type { Column } from "./table-rows";

/** Saves the rows as they are shown. */
export function saveTable<Row>(name: string, rows: readonly Row[], columns: readonly Column<Row>[]): void {
  downloadText(`${name}.csv`, "text/csv", tableCsv(rows, columns));
}

/** The rows as CSV, one column for each that is shown; units stand in the header. */
export function tableCsv<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const header = columns.map(({ title, unit }) => (unit === undefined ? title : `${title} (${unit})`));
  return csvOf(
    header,
    rows.map((row) => columns.map((column) => column.value(row))),
  );
}
