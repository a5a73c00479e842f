import type { StatusEvent } from "../../src/systems/jobs/schema/simulations";
import type { TimelineStep } from "../common/timeline";
import { spanWords } from "./words";

/** A span between two changes of state. */
export interface Span {
  kind: "waited" | "ran" | "failed";
  attempt: number;
  spanMs: number;
}

/** What happened to a job, with waits and runs between its changes, and what is still to come. */
export function timelineSteps(states: readonly StatusEvent[]): TimelineStep[] {
  const steps = states.map((state, place) => stepOf(state, states[place - 1]));
  const last = states.at(-1);
  if (last?.status === "RUNNING") return [...steps, { time: null, title: "Result" }];
  if (last?.status === "PENDING") return [...steps, { time: null, title: `Attempt ${nextAttempt(last)}` }];
  return steps;
}

/** The waits and runs of all attempts, in their order; what goes on lasts until `nowMs`. */
export function attemptSpans(states: readonly StatusEvent[], nowMs: number): Span[] {
  return states.flatMap((state, place): Span[] => {
    const next = states[place + 1];
    const endMs = next === undefined ? nowMs : Date.parse(next.at);
    const spanMs = Math.max(0, endMs - Date.parse(state.at));
    if (state.status === "PENDING") return [{ kind: "waited", attempt: nextAttempt(state), spanMs }];
    if (state.status !== "RUNNING") return [];
    const failed = next !== undefined && (next.failure !== undefined || next.status === "FAILED");
    return [{ kind: failed ? "failed" : "ran", attempt: state.attempt, spanMs }];
  });
}

function nextAttempt({ attempt, reason }: StatusEvent): number {
  return reason === undefined ? attempt + 1 : attempt;
}

function stepOf(state: StatusEvent, before: StatusEvent | undefined): TimelineStep {
  const { at: time, attempt, error } = state;
  const span = before === undefined ? "" : spanWords(Date.parse(time) - Date.parse(before.at));
  switch (state.status) {
    case "PENDING":
      return pendingStep(state, span);
    case "RUNNING":
      return { time, title: `Attempt ${attempt} started`, note: noteOf(`waited ${span}`, state.worker ?? "") };
    case "COMPLETED":
      return { time, title: "Completed", tone: "good", note: `ran ${span}` };
    case "FAILED":
      return { time, title: "Failed", tone: "fault", note: noteOf(`ran ${span}`, faultWords(error)) };
    case "CANCELLED":
      return { time, title: "Cancelled", tone: "stale", note: `after ${span}` };
  }
}

/** Submitted, or back in the queue after an attempt. */
function pendingStep({ at: time, attempt, failure, reason, retry_in_ms }: StatusEvent, span: string): TimelineStep {
  if (failure !== undefined) {
    const next = retry_in_ms === undefined ? "" : `next attempt in ${spanWords(retry_in_ms)}`;
    const note = noteOf(`ran ${span}`, faultWords(failure), next);
    return { time, title: `Attempt ${attempt} failed`, tone: "stale", note };
  }
  if (reason !== undefined)
    return { time, title: `Attempt ${attempt} given back`, tone: "stale", note: noteOf(`ran ${span}`, reason) };
  return { time, title: "Submitted" };
}

function faultWords(fault: { code: string; message: string } | null): string {
  return fault === null ? "" : `${fault.code}: ${fault.message}`;
}

function noteOf(...parts: string[]): string {
  return parts.filter((part) => part !== "").join("; ");
}
