import { useEffect, useState } from "preact/hooks";
import type { HandlersAnswer } from "../../src/systems/jobs/schema/handlers";
import type { JobAnswer } from "../../src/systems/jobs/schema/simulations";
import { useAction } from "../common/action";
import { Badge } from "../common/badge";
import { Fault } from "../common/fault";
import { formatNumber, formatTime } from "../common/format";
import { Loading } from "../common/loading";
import { Pager } from "../common/pager";
import { Sure } from "../common/sure";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { toast } from "../common/toast";
import { choiceCodec, numberCodec, textCodec, useUrlState } from "../common/url-state";
import { titleOf } from "./handlers";
import { JobLink } from "./job-link";
import { goToTab, reportedJobs } from "./place";
import { at } from "./session";
import { runAgain } from "./submit";
import { useList } from "./use-list";
import { hasEnded, nameOf, runMs, STATUS_TONES, STATUS_WORDS, shortId, spanWords } from "./words";

const STATES = ["all", "PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"] as const;
const PAGE_ROWS = 25;
const MAX_RETRIED = 1000;
const BUSY_EVERY_MS = 1000;
const IDLE_EVERY_MS = 5000;

/** One's own jobs, newest first, filtered by the server. */
export function JobList({ handlers }: { handlers: HandlersAnswer | undefined }) {
  const [state, setState] = useUrlState("state", choiceCodec(STATES, "all"));
  const [type, setType] = useUrlState("of-type", textCodec());
  const [offset, setOffset] = useUrlState("from", numberCodec(0, 0, 1_000_000));
  const filter = filterOf(state, type);
  const list = useList<JobAnswer>(at(`/simulations?${filter}&limit=${PAGE_ROWS}&offset=${offset}`));
  const busy = list.value?.rows.some((job) => !hasEnded(job)) ?? false;
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && list.reload(), busy ? BUSY_EVERY_MS : IDLE_EVERY_MS);
    return () => clearInterval(timer);
  }, [list.reload, busy]);
  function choose(change: () => void): void {
    change();
    setOffset(0);
  }
  return (
    <section class="panel" aria-label="My jobs">
      <header class="panel-head">
        <h2>My jobs</h2>
      </header>
      <div class="panel-tools">
        <Filters
          {...{ state, type, handlers }}
          onState={(next) => choose(() => setState(next))}
          onType={(next) => choose(() => setType(next))}
        />
        <button type="button" onClick={() => goToTab("new")}>
          New job
        </button>
        {state === "FAILED" && (list.value?.total ?? 0) > 0 && (
          <RetryAll filter={filter} total={list.value!.total} done={list.reload} />
        )}
      </div>
      <Loading what="the jobs" loaded={list}>
        {({ rows, total }) => (
          <>
            <Jobs rows={rows} total={total} handlers={handlers} isFiltered={state !== "all" || type !== ""} />
            <Pager total={total} offset={offset} limit={PAGE_ROWS} onOffset={setOffset} />
          </>
        )}
      </Loading>
    </section>
  );
}

interface FiltersProps {
  state: (typeof STATES)[number];
  type: string;
  handlers: HandlersAnswer | undefined;
  onState(state: (typeof STATES)[number]): void;
  onType(type: string): void;
}

function Filters({ state, type, handlers, onState, onType }: FiltersProps) {
  return (
    <>
      <label>
        State
        <select value={state} onChange={({ currentTarget }) => onState(STATES[currentTarget.selectedIndex]!)}>
          {STATES.map((name) => (
            <option key={name} value={name}>
              {name === "all" ? "all" : STATUS_WORDS[name]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Type
        <select value={type} onChange={({ currentTarget }) => onType(currentTarget.value)}>
          <option value="">all</option>
          {handlers?.simulations.map((handler) => (
            <option key={handler.type} value={handler.type}>
              {handler.title}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function filterOf(state: (typeof STATES)[number], type: string): URLSearchParams {
  const filter = new URLSearchParams();
  if (state !== "all") filter.set("status", state);
  if (type !== "") filter.set("simulation_type", type);
  return filter;
}

interface JobsProps {
  rows: readonly JobAnswer[];
  total: number;
  handlers: HandlersAnswer | undefined;
  isFiltered: boolean;
}

function Jobs({ rows, total, handlers, isFiltered }: JobsProps) {
  const nowMs = Date.now();
  const columns: Column<JobAnswer>[] = [
    {
      key: "job",
      title: "Job",
      value: (job) => nameOf(job) || titleOf(job.simulation_type, handlers),
      show: (job) => <JobLink id={job.id}>{nameOf(job) || titleOf(job.simulation_type, handlers)}</JobLink>,
    },
    {
      key: "status",
      title: "State",
      value: ({ status }) => STATUS_WORDS[status],
      show: ({ status }) => <Badge tone={STATUS_TONES[status]}>{STATUS_WORDS[status]}</Badge>,
    },
    {
      key: "progress",
      title: "Progress",
      value: ({ progress }) => (progress === null ? null : 100 * progress),
      show: (job) => <RowProgress job={job} />,
    },
    { key: "submitted", title: "Submitted", unit: "UTC", value: ({ created_at }) => formatTime(created_at) },
    {
      key: "ran",
      title: "Ran",
      value: (job) => runMs(job, nowMs),
      show: (job) => {
        const spanMs = runMs(job, nowMs);
        return spanMs === null ? "–" : spanWords(spanMs);
      },
    },
    { key: "attempt", title: "Attempt", value: ({ attempt }) => attempt },
    { key: "type", title: "Type", value: ({ simulation_type }) => simulation_type, atFirstHidden: true },
    { key: "id", title: "Id", value: ({ id }) => shortId(id), show: ({ id }) => <code>{shortId(id)}</code> },
  ];
  return (
    <>
      <Table
        name="jobs"
        caption="jobs"
        columns={columns}
        rows={rows}
        keyOf={({ id }) => id}
        pageOf={total}
        empty={{ what: isFiltered ? "No job is like that." : "No jobs yet. Run a sample above, or make your own." }}
      />
      <ReportLink rows={rows} />
    </>
  );
}

/** Leads to a report over the completed jobs of this page of the list. */
function ReportLink({ rows }: { rows: readonly JobAnswer[] }) {
  const done = rows.filter(({ status }) => status === "COMPLETED");
  if (done.length < 2) return null;
  function compare(): void {
    reportedJobs.set(done.map(({ id }) => id));
    goToTab("reports");
  }
  return (
    <button type="button" class="quiet" onClick={compare}>
      Make a report of these {done.length} completed jobs
    </button>
  );
}

function RowProgress({ job: { progress, status } }: { job: JobAnswer }) {
  if (progress === null || status === "PENDING") return <>–</>;
  const percent = `${formatNumber(100 * progress, 0)} %`;
  if (status !== "RUNNING") return <>{percent}</>;
  return (
    <span class="row-progress">
      <progress value={progress} max={1} aria-label="Progress" />
      {percent}
    </span>
  );
}

/** Submits everything once more that failed and that the filter shows. */
function RetryAll({ filter, total, done }: { filter: URLSearchParams; total: number; done: () => void }) {
  const [count, setCount] = useState(0);
  const ids = useList<JobAnswer>(at(`/simulations?${filter}&limit=${MAX_RETRIED}`));
  const { running, fault, run } = useAction("POST /simulations/{id}/retry", async () => {
    const failed = ids.value?.rows ?? [];
    for (const [at, { id }] of failed.entries()) {
      await runAgain(id);
      setCount(at + 1);
    }
    toast(`${failed.length} jobs submitted once more`);
    done();
  });
  const sum = Math.min(total, MAX_RETRIED);
  return (
    <>
      {running ? (
        <span role="status" class="quiet-text">
          Submitting {count} of {sum}
        </span>
      ) : (
        <Sure
          label="Retry all failed"
          question={`Submit ${sum === 1 ? "1 job" : `${sum} jobs`} once more?`}
          onSure={() => void run()}
        />
      )}
      {fault !== undefined && <Fault report={fault} />}
    </>
  );
}
