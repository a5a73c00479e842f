import { type RunOptions, type Served, scratchFolder, serve } from "../../support/program";
import { until } from "../../support/until";

/** The program with jobs alone, and callers of it. */
export interface JobsServer extends Served {
  /** A caller with an account of his own. */
  user(): Promise<Caller>;
}

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

export interface Caller {
  token: string;
  call<T = Record<string, unknown>>(method: string, path: string, body?: unknown, headers?: object): Promise<Answer<T>>;
  submit(type: string, parameters: object, more?: object, headers?: object): Promise<string>;
  status(id: string): Promise<Job>;
  /** The job when it is in one of these states. */
  reaches(id: string, ...statuses: string[]): Promise<Job>;
  timeline(id: string): Promise<TimelineEvent[]>;
}

export interface Job {
  id: string;
  job_id: string;
  status: string;
  attempt: number;
  progress: number | null;
  started_at: string | null;
  completed_at: string | null;
  created_at: string;
  error: { code: string; message: string } | null;
  [member: string]: unknown;
}

export interface TimelineEvent {
  number: number;
  at: string;
  type: string;
  data: Record<string, unknown> & { status?: string; attempt?: number };
}

export const PREFIX = "/api/v1";
export const PASSWORD = "correct horse battery";
const ENDED = ["COMPLETED", "FAILED", "CANCELLED"];
let users = 0;

export async function startJobs(env: Record<string, string> = {}, options: StartOptions = {}): Promise<JobsServer> {
  const { dataDir = scratchFolder(), args = [], ...rest } = options;
  const served = await serve(["--only", "jobs", ...args], { dataDir, env, ...rest });
  return { ...served, user: () => newUser(served.url) };
}

export interface StartOptions extends RunOptions {
  dataDir?: string;
  args?: string[];
}

export async function newUser(url: string): Promise<Caller> {
  const email = `user${process.pid}-${users++}@example.org`;
  const registered = await fetch(`${url}${PREFIX}/auth/register`, {
    method: "POST",
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  if (registered.status !== 201) throw new Error(`register: ${registered.status} ${await registered.text()}`);
  return caller(url, await login(url, email, PASSWORD));
}

export async function login(url: string, email: string, password: string): Promise<string> {
  const answer = await fetch(`${url}${PREFIX}/auth/login`, {
    method: "POST",
    body: new URLSearchParams({ username: email, password, grant_type: "password", scope: "" }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

export function caller(url: string, token: string): Caller {
  async function call<T>(method: string, path: string, body?: unknown, headers: object = {}): Promise<Answer<T>> {
    const answer = await fetch(`${url}${PREFIX}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === "" ? null : JSON.parse(text)) as T };
  }
  const status = async (id: string) => (await call<Job>("GET", `/simulations/${id}`)).body;
  return {
    token,
    call,
    async submit(simulation_type, parameters, more = {}, headers = {}) {
      const answer = await call<Job>("POST", "/simulations", { simulation_type, parameters, ...more }, headers);
      if (answer.status !== 202) throw new Error(`submit: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body.job_id;
    },
    status,
    async reaches(id, ...statuses) {
      const wanted = statuses.length === 0 ? ENDED : statuses;
      let job = await status(id);
      await until(async () => {
        job = await status(id);
        if (ENDED.includes(job.status) && !wanted.includes(job.status)) {
          throw new Error(`job is ${job.status}, expected ${wanted}: ${JSON.stringify(job.error)}`);
        }
        return wanted.includes(job.status);
      }, `job ${id} to be ${wanted}`);
      return job;
    },
    timeline: async (id) => (await call<TimelineEvent[]>("GET", `/simulations/${id}/timeline`)).body,
  };
}

/** The states of a timeline in their order. */
export function statesOf(timeline: readonly TimelineEvent[]): string[] {
  return timeline.filter(({ type }) => type === "status").map(({ data }) => data.status!);
}
