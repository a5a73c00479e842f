import type { KeptHistory } from "./cache";
import { ageDaysOf } from "./reanchor";

/** What is known when the service starts. */
export interface Situation {
  /** Whether a history file was named. */
  file: "given" | "none";
  kept: KeptHistory | undefined;
  token: "given" | "none";
  /** What stands in while a first history is fetched. */
  fallback: "none" | "sample";
  /** The start date that a fetched history is wanted to have. */
  startDate: string;
  /** `YYYY-MM-DD`, UTC. */
  today: string;
}

export interface StartRule {
  serve: "file" | "kept" | "sample" | "nothing";
  /** `daily`: first when the daily time comes. */
  fetch: "now" | "daily" | "never";
}

/** Which history is served first and whether another one is fetched: the table of docs/filecoin.md, "At the start". */
export function startRule({ file, kept, token, fallback, startDate, today }: Situation): StartRule {
  if (file === "given") return { serve: "file", fetch: "never" };
  if (token === "none") return { serve: kept === undefined ? "sample" : "kept", fetch: "never" };
  if (kept === undefined) return { serve: fallback === "sample" ? "sample" : "nothing", fetch: "now" };
  return { serve: "kept", fetch: isCurrent(kept, startDate, today) ? "daily" : "now" };
}

function isCurrent({ history }: KeptHistory, startDate: string, today: string): boolean {
  const asWanted = history.source === "file" || history.startDate === startDate;
  return asWanted && ageDaysOf(history, today) <= 1;
}
