/**
 * What the pages ask of the server. These shapes are the contract of `/api/system/*`: the server builds to them, the
 * fixture server of the browser tests answers in them. See docs/pages.md, "What the shell asks for".
 */

/** `GET /api/system/status`, and each message of `GET /api/system/events`. */
export interface Status {
  version: string;
  /** Systems that are switched on, in the order of the rail. Those without a page of their own have `href: null`. */
  systems: SystemCard[];
  /** Pieces of work in the threads that calculate. */
  work: { running: number; waiting: number };
}

export interface SystemCard {
  name: string;
  title: string;
  /** One live figure with its unit, such as `603.1 M FIL`; null before there is one. */
  figure: string | null;
  caption: string;
  action: { label: string; href: string };
  href: string | null;
  ready: boolean;
  status: "healthy" | "loading" | "degraded" | "unhealthy";
  /** Sentences for whoever looks why it is not healthy. */
  notes?: string[];
  /** Its words in the status bar, such as `sample, to 2025-09-09`. */
  statusLine: string[];
}

/** `GET /api/system/settings`. A secret's value is the text `(secret)`, an unset one null. */
export interface Setting {
  name: string;
  value: string | null;
  origin: "flag" | "environment" | "file" | "default";
  unit: string | null;
  meaning: string;
}

/** `GET /api/system/metrics`. */
export interface Metrics {
  uptimeS: number;
  memoryBytes: number;
  /** Share of one core, 0 to 1 for each. */
  cpuShare: number;
  eventLoopDelayMs: { p50: number; p99: number };
  routes: { method: string; path: string; count: number; failed: number; p50Ms: number | null; p99Ms: number | null }[];
  /** Whatever else is counted: the Prometheus name, labels included, with its value and meaning. */
  others: { name: string; value: number; meaning: string }[];
}

/** `GET /api/system/logs?request_id=&level=&limit=`, newest first. */
export interface LogLine {
  /** ISO 8601, UTC. */
  time: string;
  level: "debug" | "info" | "warn" | "error";
  message: string;
  requestId: string | null;
  /** The other members of the line, such as a route, a duration or an error's stack. */
  details: Record<string, unknown>;
}

/** `GET /api/system/doctor`: what works on this machine. */
export interface DoctorCheck {
  name: string;
  outcome: "works" | "limited" | "missing" | "fails";
  /** What was found, with its figures. */
  found: string;
  /** What to do about it; null where nothing needs doing. */
  advice: string | null;
}

/** `GET /api/system/storage`. */
export interface Storage {
  dataDir: string;
  freeBytes: number;
  /** Median time of one write that reaches the disk. */
  fsyncMs: number;
  files: { name: string; bytes: number; meaning: string }[];
  backups: Backup[];
}

/** Also the answer of `POST /api/system/backup`, which copies database and blobs while everything runs. */
export interface Backup {
  name: string;
  bytes: number;
  /** ISO 8601, UTC. */
  time: string;
}

/** `GET /api/system/find?q=`: what the command palette finds beside the pages, at most 20. */
export interface Hit {
  kind: string;
  title: string;
  hint: string;
  href: string;
}

/** What went wrong with a request, in the words that a {@link Fault} part shows. */
export interface FaultReport {
  what: string;
  where: string;
  todo: string;
  requestId: string | null;
}

/** A request that failed: refused, unanswered, or answered with something else than JSON. */
class RequestFault extends Error {
  override readonly name = "RequestFault";
  readonly report: FaultReport;
  /** Absent where no answer came. */
  readonly status: number | undefined;

  constructor(report: FaultReport, status?: number) {
    super(report.what);
    this.report = report;
    this.status = status;
  }
}

/** The JSON at that path. Throws a {@link RequestFault}; an abort stays an abort. */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await request<T>(path, signal === undefined ? {} : { signal })).value;
}

/** The JSON that answers a POST of `body`. Throws a {@link RequestFault}; an abort stays an abort. */
export async function postJson<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return (await postForAnswer<T>(path, body, signal)).value;
}

/** The JSON that answers a PUT of `body`. Throws a {@link RequestFault}. */
export async function putJson<T>(path: string, body: unknown): Promise<T> {
  return (await request<T>(path, { method: "PUT", ...bodyOf(body) })).value;
}

/** The same as {@link postJson} with the headers of the answer. */
export async function postForAnswer<T>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer<T>> {
  return request<T>(path, { method: "POST", ...bodyOf(body), ...(signal === undefined ? {} : { signal }) });
}

let headersOfAll: Record<string, string> = {};

/**
 * Headers that go with every request of this page from now on, in place of earlier ones: the key of whoever has signed
 * in. They are in memory only, and gone when the page is left.
 */
export function sendWithAll(headers: Record<string, string>): void {
  headersOfAll = headers;
}

function bodyOf(body: unknown): RequestInit {
  return { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

export interface Answer<T> {
  value: T;
  headers: Headers;
}

/** The report of whatever was thrown while the page did `where`. */
export function reportOf(thrown: unknown, where: string): FaultReport {
  if (thrown instanceof RequestFault) return thrown.report;
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return { what, where, todo: "Reload the page; if it comes again, copy this and report it.", requestId: null };
}

async function request<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  const response = await answerTo(path, { ...init, headers: { accept: "application/json", ...init.headers } });
  const body = await jsonOf(response);
  if (body === undefined) throw refusal(response, body, `${init.method ?? "GET"} ${path}`);
  return { value: body as T, headers: response.headers };
}

/** The answer, when it is a success. Throws a {@link RequestFault} for any other; an abort stays an abort. */
export async function answerTo(path: string, init: RequestInit): Promise<Response> {
  const where = `${init.method ?? "GET"} ${path}`;
  const headers = { ...headersOfAll, ...init.headers };
  const response = await fetch(path, { ...init, headers }).catch((thrown: unknown) => {
    if (isAbort(thrown)) throw thrown;
    const todo = "Check that the server is running; the page goes on by itself when it answers again.";
    throw new RequestFault({ what: "The server does not answer.", where, todo, requestId: null });
  });
  if (response.ok) return response;
  throw refusal(response, await jsonOf(response), where);
}

/** The body as JSON; undefined for what is none. */
async function jsonOf(response: Response): Promise<unknown> {
  return response.json().catch((thrown: unknown) => {
    if (isAbort(thrown)) throw thrown;
    return undefined;
  });
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === "AbortError";
}

function refusal(response: Response, body: unknown, where: string): RequestFault {
  const what = sentenceOf(body) ?? `The server answered ${response.status} ${response.statusText}.`;
  const requestId = response.headers.get("x-request-id");
  return new RequestFault({ what, where, todo: adviceFor(response), requestId }, response.status);
}

/** The sentence in an error body of any of the systems: `detail` as text or as a list of faults, or `description`. */
function sentenceOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { detail, description, error } = body as Record<string, unknown>;
  if (Array.isArray(detail)) return detail.map(fieldSentence).join(" ");
  return [detail, description, error].find((sentence) => typeof sentence === "string");
}

function fieldSentence(fault: { loc?: unknown[]; msg?: string }): string {
  const field = (fault.loc ?? []).filter((part) => part !== "body").join(".");
  return field === "" ? `${fault.msg}.` : `${field}: ${fault.msg}.`;
}

function adviceFor(response: Response): string {
  const retryAfterS = response.headers.get("retry-after");
  if (retryAfterS !== null) return `Try again in ${retryAfterS} s.`;
  if (response.status === 401 || response.status === 403) return "Sign in with a key that may do this.";
  if (response.status < 500) return "Change what was asked for and try again.";
  return "Look for the request id in the logs on the system page.";
}
