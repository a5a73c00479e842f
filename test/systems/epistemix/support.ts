import { atTestEnd } from "../../support/endings";
import { type RunOptions, type Served, scratchFolder, serve } from "../../support/program";

/** The program with the epidemic platform alone, under `/epistemix` and at the root of a port of its own. */
export interface EpistemixServer extends Served {
  /** Both addresses of the API. */
  roots: { mounted: string; alone: string };
}

/** Starts it, to be ended with the present test. */
export async function startEpistemix(...given: Parameters<typeof openEpistemix>): Promise<EpistemixServer> {
  const server = await openEpistemix(...given);
  atTestEnd(() => server.stop("SIGKILL"));
  return server;
}

/** Starts it; whoever asks ends it. */
export async function openEpistemix(
  env: Record<string, string> = {},
  options: RunOptions & { dataDir?: string } = {},
): Promise<EpistemixServer> {
  const { dataDir = scratchFolder(), ...rest } = options;
  const served = await serve(["--only", "epistemix"], { dataDir, env: { EPISTEMIX_PORT: "0", ...env }, ...rest });
  const alone = /"serving aside".*?"url":"([^"]+)"/.exec(served.err())?.[1];
  if (alone === undefined) throw new Error(`no port of its own: ${served.err()}`);
  return { ...served, roots: { mounted: `${served.url}/epistemix`, alone } };
}

export function tokenOf(userId: number | string = 123): string {
  return `Bearer ${Buffer.from(JSON.stringify({ user_id: userId, scopes_hash: "abc123" })).toString("base64")}`;
}

export const HEADERS = {
  "content-type": "application/json",
  "fredcli-version": "0.4.0",
  "user-agent": "epx_client_1.2.2",
};

export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T;
  headers: Headers;
}

/** Calls one root as the client does. */
export function callerOf(root: string, userId = 123) {
  return async function call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const answer = await fetch(`${root}${path}`, {
      method,
      headers: { ...HEADERS, "offline-token": tokenOf(userId), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as T, headers: answer.headers };
  };
}

export function runRequest(jobId: number, more: object = {}) {
  return {
    jobId,
    workingDir: "/home/ada",
    size: "hot",
    fredVersion: "latest",
    population: { version: "US_2010.v5", locations: ["Loving_County_TX"] },
    fredArgs: [{ flag: "-p", value: "main.fred" }],
    fredFiles: ["/home/ada/main.fred"],
    ...more,
  };
}
