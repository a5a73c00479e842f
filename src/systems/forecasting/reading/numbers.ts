/** How a column writes its numbers. */
export interface NumberForm {
  decimal: "." | ",";
  thousands: Thousands;
}

export const THOUSANDS = ["", ".", ",", " ", "'"] as const;
export type Thousands = (typeof THOUSANDS)[number];

const MISSING = new Set(["", "na", "n/a", "nan", "null", "none", "#n/a", "-", "?"]);

/** Whether a cell says that there is no value. */
export function isMissing(cell: string): boolean {
  return MISSING.has(cell.toLowerCase());
}

const DECIMAL_COMMA = /^[-+]?(\d{1,3}(\.\d{3})+|\d+),\d+$/;
const GROUPED_POINTS = /^[-+]?\d{1,3}(\.\d{3}){2,}$/;
const DECIMAL_POINT = /^[-+]?(\d{1,3}(,\d{3})+|\d+)\.\d+$/;
const GROUPED_COMMAS = /^[-+]?\d{1,3}(,\d{3})+$/;

const APOSTROPHES = /['\u2019]/g;
const SPACES = /[\s\u00a0\u202f]/g;
const GROUPED_APOSTROPHES = /^[-+]?\d{1,3}(['\u2019]\d{3})+([.,]\d+)?$/;
const GROUPED_SPACES = /^[-+]?\d{1,3}([ \u00a0\u202f]\d{3})+([.,]\d+)?$/;

/** One form for a whole column: a cell that only one form can have decides. @param stated overrules the guess */
export function numberFormOf(cells: readonly string[], stated: Partial<NumberForm> = {}): NumberForm {
  const bare = cells.map((cell) => cell.replace(APOSTROPHES, "").replace(SPACES, ""));
  const guessed = signsOf(bare);
  const decimal = stated.decimal ?? (stated.thousands === undefined ? guessed.decimal : otherThan(stated.thousands));
  if (stated.thousands !== undefined) return { decimal, thousands: stated.thousands };
  if (cells.some((cell) => GROUPED_APOSTROPHES.test(cell))) return { decimal, thousands: "'" };
  if (cells.some((cell) => GROUPED_SPACES.test(cell))) return { decimal, thousands: " " };
  if (stated.decimal === undefined) return guessed;
  return { decimal, thousands: decimal === "," ? "." : "," };
}

function otherThan(thousands: Thousands): NumberForm["decimal"] {
  return thousands === "." ? "," : ".";
}

function signsOf(cells: readonly string[]): NumberForm {
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
  const whole = thousands === "'" ? cell.replaceAll(APOSTROPHES, "") : cell;
  const bare = thousands === "." || thousands === "," ? whole.replaceAll(thousands, "") : whole;
  const text = bare.replace(decimal, ".").replaceAll(SPACES, "");
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return undefined;
  return Number(text);
}
