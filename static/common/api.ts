/** What the pages ask of the server, and the requests themselves. See docs/pages.md, "What the shell asks for". */

export type {
  BackupFile,
  DoctorCheck,
  Hit,
  SettingInForce,
  ShownLine,
  Statistics,
  Status,
  StorageReport,
  SystemCard,
} from "../../src/platform/operations/schema";

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

/** The status of the answer that a request failed with; undefined where none came, or something else was thrown. */
export function statusOf(thrown: unknown): number | undefined {
  return thrown instanceof RequestFault ? thrown.status : undefined;
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
