import { useEffect, useRef, useState } from "preact/hooks";
import type { LogEvent, ProgressEvent, StatusEvent } from "../../src/systems/jobs/schema/simulations";
import { type AnswerEvent, getEvents } from "../common/answer-events";
import { useComebacks } from "../common/comebacks";
import { at } from "./session";

/** What a job has told of itself, as it happens. */
export interface JobEvents {
  states: readonly StatusEvent[];
  lines: readonly LogEvent[];
  /** How far the present attempt is; undefined before it says so. */
  progress: ProgressEvent | undefined;
  /** `ended` when the job has, `broken` while the stream is being opened again. */
  phase: "connecting" | "live" | "broken" | "ended";
  /** Earlier events are kept no more. */
  isCut: boolean;
}

const NOTHING: JobEvents = { states: [], lines: [], progress: undefined, phase: "connecting", isCut: false };
const RETRY_FIRST_MS = 500;
const MAX_RETRY_MS = 10_000;
const ENDS = ["COMPLETED", "FAILED", "CANCELLED"];

/** The events of a job. A stream that breaks goes on after the last event that came, so that each comes once. */
export function useJobEvents(id: string): JobEvents {
  const [told, setTold] = useState<JobEvents>(NOTHING);
  const heard = useRef({ events: NOTHING, lastId: "" });
  const comebacks = useComebacks();
  useEffect(() => {
    const left = new AbortController();
    let frame: number | undefined;
    function hear(change: (before: JobEvents) => JobEvents, lastId = ""): void {
      const { current } = heard;
      heard.current = { events: change(current.events), lastId: lastId === "" ? current.lastId : lastId };
      // Many lines may come at once: they are drawn together.
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        setTold(heard.current.events);
      });
    }
    void follow(id, () => heard.current.lastId, hear, left.signal);
    return () => {
      left.abort();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [id, comebacks]);
  return told;
}

type Hear = (change: (before: JobEvents) => JobEvents, lastId?: string) => void;

async function follow(id: string, lastId: () => string, hear: Hear, signal: AbortSignal): Promise<void> {
  let retryMs = RETRY_FIRST_MS;
  while (!signal.aborted) {
    try {
      let hasEnded = false;
      for await (const event of getEvents(at(`/simulations/${id}/events`), lastId(), signal)) {
        retryMs = RETRY_FIRST_MS;
        hear((before) => added(before, event), event.id);
        hasEnded ||= event.event === "status" && ENDS.includes((JSON.parse(event.data) as StatusEvent).status);
      }
      if (hasEnded || (await isAtEnd(hear))) return;
    } catch {
      if (signal.aborted) return;
    }
    hear((before) => ({ ...before, phase: "broken" }));
    await pause(retryMs, signal);
    retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
  }
}

/** Whether what was heard before tells of the end: a stream that goes on after the last event ends at once. */
function isAtEnd(hear: Hear): Promise<boolean> {
  return new Promise((resolve) => {
    hear((before) => {
      resolve(before.phase === "ended");
      return before;
    });
  });
}

function added(before: JobEvents, { event, data }: AnswerEvent): JobEvents {
  if (event === "status") {
    const state = JSON.parse(data) as StatusEvent;
    const phase = ENDS.includes(state.status) ? "ended" : "live";
    // Progress belongs to an attempt.
    const progress = before.progress?.attempt === state.attempt ? before.progress : undefined;
    return { ...before, states: [...before.states, state], progress, phase };
  }
  const phase = before.phase === "ended" ? "ended" : "live";
  if (event === "log") return { ...before, lines: [...before.lines, JSON.parse(data) as LogEvent], phase };
  if (event === "progress") return { ...before, progress: JSON.parse(data) as ProgressEvent, phase };
  if (event === "resync") return { ...before, isCut: true, phase };
  return { ...before, phase };
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
