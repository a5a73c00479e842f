import type { Column } from "../common/table-rows";

export const isNarrow = matchMedia("(width < 640px)").matches;

/** The columns, of which a narrow screen leaves these out until somebody chooses them. */
export function leavingOut<Row>(keys: readonly string[], columns: readonly Column<Row>[]): readonly Column<Row>[] {
  if (!isNarrow) return columns;
  return columns.map((column) => (keys.includes(column.key) ? { ...column, atFirstHidden: true } : column));
}
