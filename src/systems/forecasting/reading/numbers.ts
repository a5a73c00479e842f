/** How a column writes its numbers. */
export interface NumberForm {
  decimal: "." | ",";
  thousands: "" | "." | ",";
}

const MISSING = new Set(["", "na", "n/a", "nan", "null", "none", "#n/a", "-", "?"]);

/** Whether a cell says that there is no value. */
export function isMissing(cell: string): boolean {
  return MISSING.has(cell.toLowerCase());
}

const DECIMAL_COMMA = /^[-+]?(\d{1,3}(\.\d{3})+|\d+),\d+$/;
const GROUPED_POINTS = /^[-+]?\d{1,3}(\.\d{3}){2,}$/;
const DECIMAL_POINT = /^[-+]?(\d{1,3}(,\d{3})+|\d+)\.\d+$/;
const GROUPED_COMMAS = /^[-+]?\d{1,3}(,\d{3})+$/;

/** One form for a whole column: a cell that only one form can have decides. */
export function numberFormOf(cells: readonly string[], decimal?: "." | ","): NumberForm {
  if (decimal !== undefined) return decimal === "," ? { decimal, thousands: "." } : { decimal, thousands: "," };
  const point = cells.some((cell) => DECIMAL_POINT.test(cell));
  const comma = cells.some((cell) => DECIMAL_COMMA.test(cell) && !(GROUPED_COMMAS.test(cell) && point));
  const onlyGroups = cells.every((cell) => !cell.includes(",") || GROUPED_COMMAS.test(cell));
  const grouped =
    cells.some((cell) => /,\d{3},/.test(cell)) || (point && cells.some((cell) => GROUPED_COMMAS.test(cell)));
  if (!point && comma && !(onlyGroups && grouped)) return { decimal: ",", thousands: "." };
  if (!point && cells.some((cell) => GROUPED_POINTS.test(cell))) return { decimal: ",", thousands: "." };
  return { decimal: ".", thousands: grouped ? "," : "" };
}

/** The number of a cell; NaN where it is missing, undefined where it is no number. */
export function numberOf(cell: string, { decimal, thousands }: NumberForm): number | undefined {
  if (isMissing(cell)) return Number.NaN;
  const bare = thousands === "" ? cell : cell.replaceAll(thousands, "");
  const text = bare.replace(decimal, ".").replaceAll(/[\s\u00a0\u202f]/g, "");
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return undefined;
  return Number(text);
}
