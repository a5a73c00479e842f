import { RequestError } from "../../../../platform/errors";
import type { Answer } from "../../answers/answer";
import type { BatchFormat } from "./contents";

export type Row = Record<string, string | number | null>;

/**
 * An answer that is small: as JSON the whole of it, as CSV its rows, which have the same members.
 * @throws RequestError 422 for the binary layout, which holds numbers alone.
 */
export function rowsAnswer(whole: Record<string, unknown>, rows: readonly Row[], format: BatchFormat): Answer {
  if (format === "binary") throw new RequestError(422, "format: expected json or csv for this answer, got binary");
  if (format === "json") return { bytes: encoded(JSON.stringify(whole)), contentType: "application/json" };
  const names = Object.keys(rows[0] ?? {});
  const lines = [names.join(","), ...rows.map((row) => names.map((name) => row[name] ?? "").join(","))];
  return { bytes: encoded(`${lines.join("\n")}\n`), contentType: "text/csv; charset=utf-8" };
}

function encoded(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
