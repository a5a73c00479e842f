/** Calls of the API as the client makes them. */

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
