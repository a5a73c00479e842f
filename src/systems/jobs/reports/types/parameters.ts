import type { ReportSection } from "../section";
import { isNumber, isObject } from "../subjects/shapes";

/** So many parameters, and so many levels of them, are told one by one. */
const MAX_PARAMETERS = 200;
const MAX_DEPTH = 6;
/** Longer lists are told by their first values. */
const MAX_LISTED = 6;

/** Parameters as rows of a path such as `ranges.rbp.low` and a value. */
export function parameterTable(parameters: unknown): Pick<ReportSection, "text" | "tables"> {
  const rows = parameterRows(parameters);
  if (rows.length === 0) return { text: "There are none; all values are the defaults." };
  const note = rows.length > MAX_PARAMETERS ? `${rows.length - MAX_PARAMETERS} more are in the JSON report.` : "";
  return {
    tables: [
      { title: "", columns: [{ name: "Parameter" }, { name: "Value" }], rows: rows.slice(0, MAX_PARAMETERS), note },
    ],
  };
}

/** Every parameter with its value as text, so that numbers are told with all their digits. */
export function parameterRows(parameters: unknown): [path: string, value: string][] {
  if (!isObject(parameters)) return parameters === null || parameters === undefined ? [] : [["", textOf(parameters)]];
  return rowsIn(parameters, "", 1);
}

function rowsIn(object: Readonly<Record<string, unknown>>, prefix: string, depth: number): [string, string][] {
  return Object.entries(object).flatMap(([name, value]): [string, string][] => {
    const path = `${prefix}${name}`;
    const isDeeper = isObject(value) && depth < MAX_DEPTH && Object.keys(value).length > 0;
    return isDeeper ? rowsIn(value, `${path}.`, depth + 1) : [[path, textOf(value)]];
  });
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return listText(value);
  if (typeof value === "string") return value;
  return isNumber(value) ? String(value) : ((JSON.stringify(value) as string | undefined) ?? "");
}

function listText(list: readonly unknown[]): string {
  const shown = list.slice(0, MAX_LISTED).map((entry) => (typeof entry === "string" ? entry : JSON.stringify(entry)));
  const more = list.length > MAX_LISTED ? `, ... (${list.length} values)` : "";
  return list.length === 0 ? "none" : `${shown.join(", ")}${more}`;
}
