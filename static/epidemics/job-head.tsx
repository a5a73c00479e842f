import { useState } from "preact/hooks";
import { useAction } from "../common/action";
import { answerTo } from "../common/api";
import { Badge } from "../common/badge";
import { Fault } from "../common/fault";
import { formatTime } from "../common/format";
import { lazy } from "../common/lazy";
import { useStore } from "../common/store";
import { Sure } from "../common/sure";
import { CurveChoices } from "./curve-choices";
import { jobs } from "./jobs-stream";
import * as place from "./place";
import { useShown } from "./shown";
import { nameOf, stateOf } from "./words";

const ReportDialog = lazy<{ id: number; onClose(): void }>(() => import("./report-dialog"));

/** Makes a report and shows it over the page. */
function ReportButton() {
  const { job } = useShown();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" disabled={job.counts.done === 0} onClick={() => setOpen(true)}>
        Report
      </button>
      {isOpen && <ReportDialog id={job.id} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Which job is shown, how far it is, what it is held against, and what can be done with it. */
export function JobHead() {
  const { job } = useShown();
  const { words, tone } = stateOf(job);
  const { all, done, failed } = job.counts;
  const isOver = done + failed === all;
  const reasons = [...new Set(job.runs.flatMap(({ error }) => (error === null ? [] : [error])))];
  return (
    <section class="panel job-head" aria-label="Job">
      <header class="panel-head">
        <h2>
          <bdi>{nameOf(job)}</bdi> <code class="quiet-text">job {job.id}</code>
        </h2>
        <Badge tone={tone}>{words}</Badge>
      </header>
      <p class="quiet-text">
        {formatTime(job.created)} UTC. {done} of {all} runs done{failed > 0 ? `, ${failed} failed` : ""}.{" "}
        {job.locations.join(", ")}
      </p>
      {!isOver && all > 0 && <progress value={job.progress} max={1} aria-label="Progress of all runs" />}
      {reasons.slice(0, 3).map((reason) => (
        <p key={reason} class="wrong">
          {reason}
        </p>
      ))}
      <div class="panel-tools">
        <CurveChoices />
        <ConfigurationChoice />
        <CompareChoice />
        <JobActions isOver={isOver} />
      </div>
    </section>
  );
}

/** Which of the configurations of a sweep is drawn. */
function ConfigurationChoice() {
  const { configurations } = useShown().job;
  const chosen = useStore(place.configuration);
  if (configurations.length < 2) return null;
  return (
    <label>
      Configuration
      <select value={chosen} onChange={(event) => place.configuration.set(Number(event.currentTarget.value))}>
        {configurations.map(({ locations, startDate, endDate, parameters }, index) => (
          <option key={index} value={index}>
            {[
              ...Object.entries(parameters).map(([name, value]) => `${name}=${value}`),
              locations.join(" "),
              `${startDate ?? ""} to ${endDate ?? ""}`,
            ].join(", ")}
          </option>
        ))}
      </select>
    </label>
  );
}

function CompareChoice() {
  const { job } = useShown();
  const beside = useStore(place.comparedJob);
  const others = (useStore(jobs) ?? []).filter(({ id, counts }) => id !== job.id && counts.done > 0);
  if (others.length === 0) return null;
  return (
    <label>
      Compare with
      <select value={beside} onChange={(event) => place.comparedJob.set(Number(event.currentTarget.value))}>
        <option value={0}>nothing</option>
        {others.map((other) => (
          <option key={other.id} value={other.id}>
            {other.id} {nameOf(other)}
          </option>
        ))}
      </select>
    </label>
  );
}

function JobActions({ isOver }: { isOver: boolean }) {
  const { job } = useShown();
  const runs = (isWanted: (status: string) => boolean) =>
    job.runs.filter(({ status }) => isWanted(status)).map(({ id }) => id);
  const unended = runs((status) => status !== "DONE" && status !== "ERROR");
  const failed = runs((status) => status === "ERROR");
  const act = useAction("a call of the epidemic platform", async (path: string, init: RequestInit) => {
    await answerTo(path, init);
  });
  const remove = useAction(`DELETE /epistemix/jobs/${job.id}`, async () => {
    await answerTo(`/epistemix/jobs/${job.id}`, { method: "DELETE" });
    place.showJob(0);
  });
  const stop = () => act.run(`/epistemix/runs?${unended.map((id) => `id=${id}`).join("&")}`, { method: "PATCH" });
  const retry = () =>
    act.run("/epistemix/runs/retry", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: failed.map((id) => `runRequestIds=${id}`).join("&"),
    });
  const fault = act.fault ?? remove.fault;
  return (
    <>
      <div class="row">
        <ReportButton />
        {!isOver && (
          <button type="button" disabled={act.running} onClick={() => void stop()}>
            Stop
          </button>
        )}
        {failed.length > 0 && (
          <button type="button" disabled={act.running} onClick={() => void retry()}>
            Retry
          </button>
        )}
        <Sure label="Delete" question="Delete the job with its results?" onSure={() => void remove.run()} />
      </div>
      {fault !== undefined && <Fault report={fault} />}
    </>
  );
}
