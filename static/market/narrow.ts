import type { Column } from "../common/table-rows";

/** Beside the rail a table needs more than the bar at the bottom leaves it. */
export const isNarrow = matchMedia("(width < 860px)").matches;

/** The columns, of which a narrow screen leaves these out until somebody chooses them. */
export function leavingOut<Row>(keys: readonly string[], columns: readonly Column<Row>[]): readonly Column<Row>[] {
  if (!isNarrow) return columns;
  return columns.map((column) => (keys.includes(column.key) ? { ...column, atFirstHidden: true } : column));
}
