import type { Clock } from "../../../platform/clock";
import type { EventWriter } from "../../../platform/http/eventStream";
import { isTerminal } from "../states";
import type { JobSummary } from "../store/jobs";
import type { EventRow } from "../tables";
import type { Progress } from "./eventHub";
import type { Records } from "./records";

/** Another process may have changed the job: it is looked at that often, whatever this one hears. */
const LOOK_EVERY_MS = 1000;
const PING_EVERY_LOOKS = 15;
const PAGE = 200;

/**
 * Sends the events of a job with higher numbers than `after`, in their order and each once, and goes on until the job
 * has ended and all is sent. Events that are kept have their number as id; progress is told and has none. Where
 * retention took the next number, one `resync` says so first.
 */
export async function streamEvents(
  records: Records,
  clock: Clock,
  job: JobSummary,
  after: number,
  writer: EventWriter,
): Promise<void> {
  const { hub, events, jobs } = records;
  const woken = wakening(clock, writer.signal);
  const tellProgress = ({ attempt, progress, note }: Progress) => {
    const data = JSON.stringify({ job_id: job.id, attempt, progress, note });
    if (writer.hasRoom()) writer.send({ event: "progress", data });
  };
  const leave = hub.watch(job.id, { changed: woken.wake, progressed: tellProgress });
  try {
    let last = await resync(records, job, after, writer);
    for (let looks = 1; !writer.signal.aborted; looks++) {
      // The state is read before the events: an end that comes in between is seen in the next turn.
      const now = await jobs.own(job.userId, job.id);
      const page = await events.after(job.id, last, PAGE);
      for (const event of page) writer.send(eventOf(event));
      last = page.at(-1)?.number ?? last;
      if (page.length === PAGE) continue;
      if (now === undefined || (isTerminal(now.status) && last >= now.eventCount)) return;
      // Nothing is kept any more of what happened at the end.
      if (isTerminal(now.status) && page.length === 0) return;
      if (looks % PING_EVERY_LOOKS === 0) writer.send({ event: "ping", data: "1" });
      await woken.next(LOOK_EVERY_MS);
    }
  } finally {
    leave();
  }
}

function eventOf({ number, type, data }: EventRow) {
  return { id: number, event: type, data };
}

/** The number to go on after. */
async function resync({ events }: Records, job: JobSummary, after: number, writer: EventWriter): Promise<number> {
  const first = (await events.first(job.id)) ?? job.eventCount + 1;
  if (after + 1 >= first) return after;
  writer.send({ event: "resync", data: JSON.stringify({ job_id: job.id, status: job.status, first_kept: first }) });
  return first - 1;
}

/** Sleeps until it is woken, the time is over or the stream ends; a wake-up in between is not lost. */
function wakening(clock: Clock, signal: AbortSignal) {
  let isWoken = false;
  let resume: (() => void) | undefined;
  const wake = () => {
    isWoken = true;
    resume?.();
  };
  signal.addEventListener("abort", wake, { once: true });
  return {
    wake,
    async next(forMs: number): Promise<void> {
      if (!isWoken) {
        const { promise, resolve } = Promise.withResolvers<void>();
        resume = resolve;
        const cancel = clock.after(forMs, resolve);
        await promise;
        cancel();
      }
      isWoken = false;
    },
  };
}
