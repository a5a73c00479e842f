import { RequestError } from "../../../platform/errors";
import type { JobSearch } from "../service";

const DAY_MS = 86_400_000;
const MAX_IDS = 10_000;
const MAX_TAGS = 100;

/** Parameters of a query, where Elysia keeps the last of repeated ones alone. */
export function parametersOf(request: Request): URLSearchParams {
  const at = request.url.indexOf("?");
  return new URLSearchParams(at < 0 ? "" : request.url.slice(at));
}

/** The ids that a parameter names. @throws RequestError 400 for what is no positive whole number. */
export function idsOf(parameters: URLSearchParams, name: string): number[] {
  const written = parameters.getAll(name);
  if (written.length > MAX_IDS) throw new RequestError(400, `At most ${MAX_IDS} of ${name} at a time`);
  return written.map((text) => {
    const id = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(id) && id > 0) return id;
    throw new RequestError(400, `Invalid ${name} parameter`);
  });
}

/** What is known of jobs that are asked for; days are whole days of UTC. @throws RequestError 400 */
export function searchOf(parameters: URLSearchParams): JobSearch {
  const tags = parameters.getAll("tags");
  if (tags.length > MAX_TAGS) throw new RequestError(400, `At most ${MAX_TAGS} tags at a time`);
  const fromMs = dayOf(parameters, "startDate") ?? 0;
  const lastMs = dayOf(parameters, "endDate");
  return { tags, fromMs, untilMs: lastMs === undefined ? Number.MAX_SAFE_INTEGER : lastMs + DAY_MS };
}

function dayOf(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === null || text === "") return undefined;
  const timeMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(text)) return timeMs;
  throw new RequestError(400, `Invalid ${name} parameter: expected a date such as 2026-01-31`);
}
