import { useEffect } from "preact/hooks";
import type { JobListAnswer, ListedJob } from "../../src/systems/epistemix/schema/page";
import { getEvents } from "../common/answer-events";
import { useComebacks } from "../common/comebacks";
import { createStore } from "../common/store";
import { at } from "./session";

/** My jobs, newest first, as they change; undefined before they are known. */
export const jobs = createStore<readonly ListedJob[] | undefined>(undefined);

const RETRY_FIRST_MS = 500;
const MAX_RETRY_MS = 10_000;

/** Keeps the list of jobs fresh for as long as the page is there. A page out of sight lets go of its connection. */
export function JobsStream() {
  const comebacks = useComebacks();
  useEffect(() => {
    let following: AbortController | undefined;
    function look(): void {
      if (document.hidden) {
        following?.abort();
        following = undefined;
      } else if (following === undefined) {
        following = new AbortController();
        void follow(following.signal);
      }
    }
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      following?.abort();
    };
  }, [comebacks]);
  return null;
}

async function follow(signal: AbortSignal): Promise<void> {
  let retryMs = RETRY_FIRST_MS;
  while (!signal.aborted) {
    try {
      for await (const { event, data } of getEvents(at("/events"), "", signal)) {
        retryMs = RETRY_FIRST_MS;
        if (event === "state") jobs.set((JSON.parse(data) as JobListAnswer).jobs);
      }
    } catch {
      if (signal.aborted) return;
    }
    await pause(retryMs, signal);
    retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
  }
}

function pause(forMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, forMs);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
