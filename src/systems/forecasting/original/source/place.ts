import { posix } from "node:path";
import { dataError } from "../faults";

/** Where the data of a request is. */
export type Place = { kind: "file"; below: string; format: Format } | { kind: "url"; url: string };

export type Format = "csv" | "json" | "xlsx";

const FORMATS: Readonly<Record<string, Format>> = { ".csv": "csv", ".json": "json", ".xlsx": "xlsx" };
const NOT_YET = "S3/GCS support not yet implemented. Please use local files or HTTP URLs.";

/** The original's folders, as its clients name them; nothing of this machine is called so. */
const PROJECT = "/project";
const DATA = `${PROJECT}/data`;
const CONTAINER = "/app/";
const LOCAL = "local://";

/**
 * Where a source leads: a bare name to the uploads, other paths from the project's root, of which all but `data` is out of
 * reach.
 * @throws ServiceError 400 for what is outside, of another kind, or not supported
 */
export function placeOf(source: string): Place {
  if (/^https?:\/\//i.test(source)) return { kind: "url", url: source };
  if (/^(s3|gs):\/\//i.test(source)) throw dataError(400, `Failed to transform data for TimesFM: ${NOT_YET}`);
  const path = pathOf(source.startsWith(LOCAL) ? source.slice(LOCAL.length) : source);
  if (!path.startsWith(`${DATA}/`) || path.includes("\0")) throw outside(source);
  return { kind: "file", below: path.slice(DATA.length + 1), format: formatOf(path) };
}

function pathOf(source: string): string {
  if (source.startsWith(CONTAINER)) return posix.resolve(PROJECT, source.slice(CONTAINER.length));
  if (!source.includes("/")) return posix.resolve(DATA, "uploads", source);
  return posix.resolve(PROJECT, source);
}

function formatOf(path: string): Format {
  const suffix = posix.extname(path).toLowerCase();
  const format = FORMATS[suffix];
  if (format !== undefined) return format;
  const reason = suffix === ".xls" ? `.xls files are not read; save it as .xlsx` : `Unsupported file format: ${suffix}`;
  throw dataError(400, `Failed to load file: ${reason}\nSupported: .csv, .json, .xlsx, .xls`);
}

/** In the original's words, without a path of this machine. */
export function outside(source: string): Error {
  const lines = [
    `Failed to transform data for TimesFM: Security violation: Path '${source.slice(0, 200)}' is outside allowed data directory.`,
    "Resolved to: a path outside",
    "Allowed directory: data",
    "This prevents access to files outside the data directory.",
  ];
  return dataError(400, lines.join("\n"));
}
