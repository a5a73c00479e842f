import { useEffect, useState } from "preact/hooks";
import type { JobAnswer } from "../../src/systems/jobs/schema/simulations";
import { useAction } from "../common/action";
import { postJson } from "../common/api";
import { Badge } from "../common/badge";
import { Fault } from "../common/fault";
import { formatNumber, formatTime } from "../common/format";
import { lazy } from "../common/lazy";
import { type Resource, useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { Timeline } from "../common/timeline";
import { choiceCodec, useUrlState } from "../common/url-state";
import { AttemptBar } from "./attempt-bar";
import { attemptSpans, timelineSteps } from "./attempts";
import { titleOf, useHandlers } from "./handlers";
import { type JobEvents, useJobEvents } from "./job-events";
import { LogPane } from "./log-pane";
import { copyAsNew, goToJob, goToTab } from "./place";
import { ReportButton } from "./report-button";
import { at } from "./session";
import { runAgain } from "./submit";
import { hasEnded, nameOf, STATUS_TONES, STATUS_WORDS, shortId, spanWords } from "./words";

const Result = lazy<{ job: JobAnswer }>(() => import("./result"));
const Submission = lazy<{ id: string }>(() => import("./submission"));
const Deliveries = lazy<{ id: string }>(() => import("./deliveries"));

const VIEWS = ["result", "log", "inputs", "callbacks"] as const;
const VIEW_TITLES = { result: "Result", log: "Log", inputs: "Inputs", callbacks: "Call-backs" } as const;

/** One job: how far it is, what happened to it, and what came of it. */
export default function JobView({ id }: { id: string }) {
  const job = useLoaded<JobAnswer>(at(`/simulations/${id}`));
  const events = useJobEvents(id);
  // Each change of state is told at once; the job itself is then asked for anew.
  useEffect(() => {
    if (events.states.length > 0) job.reload();
  }, [events.states.length]);
  return (
    <>
      <button type="button" class="quiet back" onClick={() => goToTab("jobs")}>
        All jobs
      </button>
      <Loading what="the job" loaded={job}>
        {(now) => <Job job={now} events={events} reload={job.reload} />}
      </Loading>
    </>
  );
}

interface JobProps {
  job: JobAnswer;
  events: JobEvents;
  reload: Resource<JobAnswer>["reload"];
}

function Job({ job, events, reload }: JobProps) {
  const handlers = useHandlers();
  const title = titleOf(job.simulation_type, handlers.value);
  return (
    <div class="columns job">
      <div class="job-main">
        <section class="panel job-head" aria-label="State">
          <header class="panel-head">
            <h2>
              <bdi>{nameOf(job) || title}</bdi> <code class="quiet-text">{shortId(job.id)}</code>
            </h2>
            <Badge tone={STATUS_TONES[job.status]}>{STATUS_WORDS[job.status]}</Badge>
          </header>
          <p class="quiet-text">
            {title}, submitted {formatTime(job.created_at)} UTC
          </p>
          <HowFar job={job} events={events} />
          {job.error !== null && (
            <p class="wrong">
              {job.error.code}: {job.error.message}
            </p>
          )}
          <Actions job={job} reload={reload} />
        </section>
        <JobDetail job={job} events={events} />
      </div>
      <section class="panel" aria-label="Timeline">
        <h2>Timeline</h2>
        <Attempts events={events} />
      </section>
    </div>
  );
}

/** The share that is done, what is being done, and how long that still takes at the same pace. */
function HowFar({ job, events }: { job: JobAnswer; events: JobEvents }) {
  const nowMs = useNow(!hasEnded(job));
  if (job.status === "PENDING") return <p role="status">Waiting for a free slot.</p>;
  if (job.status !== "RUNNING") return null;
  const progress = events.progress?.progress ?? job.progress ?? 0;
  const startedMs = Date.parse(
    events.states.findLast(({ status }) => status === "RUNNING")?.at ?? job.started_at ?? "",
  );
  const elapsedMs = nowMs - startedMs;
  const left = progress > 0.02 && elapsedMs > 500 ? `, ${spanWords((elapsedMs / progress) * (1 - progress))} left` : "";
  return (
    <div class="progress">
      <div class="progress-words">
        <span>{events.progress?.note ?? `Attempt ${job.attempt}`}</span>
        <span class="quiet-text">
          {formatNumber(100 * progress, 0)} %{left}
        </span>
      </div>
      <progress value={progress} max={1} aria-label="Progress" />
    </div>
  );
}

function Actions({ job, reload }: { job: JobAnswer; reload: () => void }) {
  const cancel = useAction("POST /simulations/{id}/cancel", async () => {
    await postJson(at(`/simulations/${job.id}/cancel`), {});
    reload();
  });
  const again = useAction("POST /simulations/{id}/retry", async () => goToJob((await runAgain(job.id)).id));
  const fault = cancel.fault ?? again.fault;
  return (
    <>
      <div class="row wrapping">
        {job.status === "COMPLETED" && <ReportButton jobId={job.id} />}
        {!hasEnded(job) && (
          <button type="button" disabled={cancel.running} onClick={() => void cancel.run()}>
            Cancel
          </button>
        )}
        {hasEnded(job) && (
          <button type="button" disabled={again.running} onClick={() => void again.run()}>
            {job.status === "COMPLETED" ? "Run again" : "Retry"}
          </button>
        )}
        <button type="button" onClick={() => copyAsNew(job.id, job.simulation_type)}>
          Copy as new
        </button>
      </div>
      {fault !== undefined && <Fault report={fault} />}
    </>
  );
}

function Attempts({ events: { states, phase, isCut } }: { events: JobEvents }) {
  const nowMs = useNow(phase !== "ended");
  if (states.length === 0) {
    return <p class="quiet-text">{isCut ? "The events of this job are kept no more." : "Loading the timeline"}</p>;
  }
  return (
    <>
      {phase === "broken" && (
        <p class="stale-text" role="status">
          Reconnecting... The timeline may be out of date.
        </p>
      )}
      <AttemptBar spans={attemptSpans(states, nowMs)} />
      <Timeline steps={timelineSteps(states)} />
    </>
  );
}

function JobDetail({ job, events }: { job: JobAnswer; events: JobEvents }) {
  const [shown, show] = useUrlState("show", choiceCodec(VIEWS, "result"));
  return (
    <section class="panel" aria-label="Details">
      <div class="row wrapping">
        {VIEWS.map((name) => (
          <button key={name} type="button" class="quiet" aria-pressed={shown === name} onClick={() => show(name)}>
            {VIEW_TITLES[name]}
          </button>
        ))}
      </div>
      {shown === "result" && <ResultOrWait job={job} />}
      {shown === "log" && <LogPane events={events} />}
      {shown === "inputs" && <Submission id={job.id} />}
      {shown === "callbacks" && <Deliveries id={job.id} />}
    </section>
  );
}

function ResultOrWait({ job }: { job: JobAnswer }) {
  if (job.status === "COMPLETED") return <Result job={job} />;
  return (
    <p class="quiet-text">{hasEnded(job) ? "This job has no result." : "The result appears here when the job ends."}</p>
  );
}

/** The time, again and again while something goes on. */
function useNow(isGoingOn: boolean): number {
  const [nowMs, setNowMs] = useState(Date.now());
  useEffect(() => {
    if (!isGoingOn) return;
    const timer = setInterval(() => setNowMs(Date.now()), 500);
    return () => clearInterval(timer);
  }, [isGoingOn]);
  return nowMs;
}
