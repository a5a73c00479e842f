import type { TokenAnswer, UserAnswer } from "../../src/systems/jobs/schema/accounts";
import { answerTo, type FaultReport, getJson, postJson, reportOf, sendWithAll, statusOf } from "../common/api";
import { comebacks } from "../common/comebacks";
import { createStore } from "../common/store";

/** Who asks. The token is kept in the memory of this page and nowhere else. */
export type Session =
  | { phase: "entering" }
  | { phase: "in"; user: UserAnswer; isLocal: boolean }
  | { phase: "out"; reason: string }
  | { phase: "fault"; report: FaultReport };

export const session = createStore<Session>({ phase: "entering" });

/** A token is asked for anew when less than this share of its life is left. */
const RENEW_BELOW = 0.25;
const LOOK_EVERY_MS = 15_000;

/** The path under which jobs are served, which is a setting of the server. */
let prefix = "";
let token: { until: number; lifeMs: number; isLocal: boolean } | undefined;

/** The address of a path of jobs. */
export function at(path: string): string {
  return prefix + path;
}

/** Lets the local user in, where the server is open to this machine; else somebody has to sign in. */
export async function enter(): Promise<void> {
  try {
    prefix = await servedUnder();
    await take((await postJson<TokenAnswer>(at("/auth/local"), {})).access_token, true);
  } catch (thrown) {
    if (statusOf(thrown) === 403) session.set({ phase: "out", reason: "" });
    else session.set({ phase: "fault", report: reportOf(thrown, "Entering jobs") });
  }
}

/** @throws RequestFault where email and password do not fit. */
export async function signIn(email: string, password: string): Promise<void> {
  const body = new URLSearchParams({ grant_type: "password", username: email, password });
  const answer = await answerTo(at("/auth/login"), { method: "POST", body });
  await take(((await answer.json()) as TokenAnswer).access_token, false);
}

/** Makes an account and signs in with it. @throws RequestFault */
export async function register(email: string, password: string): Promise<void> {
  await postJson(at("/auth/register"), { email, password });
  await signIn(email, password);
}

export function signOut(reason = ""): void {
  token = undefined;
  sendWithAll({});
  session.set({ phase: "out", reason });
}

/** Enters, keeps the token fresh, and enters again when the server comes back. */
export function followSession(): void {
  void enter();
  const look = () => void keepFresh();
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", look);
  comebacks.subscribe(() => {
    if (session.get().phase === "fault") void enter();
  });
}

async function keepFresh(): Promise<void> {
  if (token === undefined || document.hidden) return;
  const leftMs = token.until - Date.now();
  if (leftMs > token.lifeMs * RENEW_BELOW) return;
  if (token.isLocal) {
    const fresh = await postJson<TokenAnswer>(at("/auth/local"), {}).catch(() => undefined);
    if (fresh !== undefined) remember(fresh.access_token, true);
  } else if (leftMs <= 0) {
    signOut("The session has ended. Sign in again.");
  }
}

async function take(fresh: string, isLocal: boolean): Promise<void> {
  remember(fresh, isLocal);
  const user = await getJson<UserAnswer>(at("/auth/me"));
  session.set({ phase: "in", user, isLocal });
}

function remember(fresh: string, isLocal: boolean): void {
  const { iat, exp } = JSON.parse(atob(fresh.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/")));
  // By this machine's own clock, which may be another than the server's.
  const lifeMs = (exp - iat) * 1000;
  token = { until: Date.now() + lifeMs, lifeMs, isLocal };
  sendWithAll({ authorization: `Bearer ${fresh}` });
}

interface About {
  systems: { jobs: { docs: string } };
}

async function servedUnder(): Promise<string> {
  const { systems } = await getJson<About>("/");
  return systems.jobs.docs.replace(/\/docs$/, "");
}
