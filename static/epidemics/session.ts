import type { SessionAnswer } from "../../src/systems/epistemix/schema/page";
import { type FaultReport, getJson, postJson, reportOf, sendWithAll, statusOf } from "../common/api";
import { comebacks } from "../common/comebacks";
import { createStore } from "../common/store";

/** Who asks: the user of a token, which is kept in the memory of this page and nowhere else. */
export type Session =
  | { phase: "entering" }
  | { phase: "in"; token: string; apiUrl: string }
  | { phase: "out" }
  | { phase: "fault"; report: FaultReport };

export const session = createStore<Session>({ phase: "entering" });

/** The address of a path of this page's API. */
export function at(path: string): string {
  return `/api/epidemics${path}`;
}

/** Lets the user of this machine in where the server is open to him; else a token is asked for. */
export async function enter(): Promise<void> {
  try {
    const { token, apiUrl } = await postJson<SessionAnswer>(at("/session"), {});
    take(token, apiUrl);
  } catch (thrown) {
    if (statusOf(thrown) === 403) session.set({ phase: "out" });
    else session.set({ phase: "fault", report: reportOf(thrown, "Entering the epidemic platform") });
  }
}

/** Asks as the user of that token. @throws RequestFault where the token is none */
export async function signIn(token: string): Promise<void> {
  send(token);
  try {
    await getJson(at("/jobs"));
  } catch (thrown) {
    sendWithAll({});
    throw thrown;
  }
  take(token, `${location.origin}/epistemix`);
}

function take(token: string, apiUrl: string): void {
  send(token);
  session.set({ phase: "in", token, apiUrl });
}

/** The header by which a caller without a version of his own is known. */
function send(token: string): void {
  sendWithAll({ authorization: `Bearer ${token}`, "fredcli-version": "0.4.0" });
}

/** Enters, and enters again when the server comes back. */
export function followSession(): () => void {
  void enter();
  return comebacks.subscribe(() => {
    if (session.get().phase === "fault") void enter();
  });
}
