import type { TaskAnswer } from "../../src/systems/jobs/schema/monitor";
import { useAction } from "../common/action";
import { postJson } from "../common/api";
import { Badge } from "../common/badge";
import { Fault } from "../common/fault";
import { formatNumber, formatTime } from "../common/format";
import { useRefreshed } from "../common/load";
import { Loading } from "../common/loading";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { toast } from "../common/toast";
import { choiceCodec, useUrlState } from "../common/url-state";
import { at } from "./session";
import { runMs, STATUS_TONES, STATUS_WORDS, shortId, spanWords } from "./words";

const REFRESH_MS = 2000;
const STATES = ["all", "PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"] as const;

/** Everybody's jobs, newest first. */
export function Tasks() {
  const [state, setState] = useUrlState("task-state", choiceCodec(STATES, "all"));
  const asked = state === "all" ? "" : `&state=${state}`;
  const tasks = useRefreshed<TaskAnswer[]>(at(`/monitor/tasks?limit=100${asked}`), REFRESH_MS);
  const { running, fault, run } = useAction("POST /monitor/tasks/{id}/retry", async (id: string) => {
    await postJson(at(`/monitor/tasks/${id}/retry`), {});
    toast("Submitted once more, for its user");
    tasks.reload();
  });
  const columns = columnsOf(running, (id) => void run(id));
  return (
    <section class="panel" aria-label="Tasks">
      <header class="panel-head">
        <h2>Tasks of all users</h2>
        <label class="choice">
          State
          <select value={state} onChange={({ currentTarget }) => setState(STATES[currentTarget.selectedIndex]!)}>
            {STATES.map((name) => (
              <option key={name} value={name}>
                {name === "all" ? "all" : STATUS_WORDS[name]}
              </option>
            ))}
          </select>
        </label>
      </header>
      {fault !== undefined && <Fault report={fault} />}
      <Loading what="the tasks" loaded={tasks}>
        {(rows) => (
          <Table
            name="tasks"
            caption="tasks"
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            empty={{ what: "No tasks." }}
          />
        )}
      </Loading>
    </section>
  );
}

function columnsOf(running: boolean, onRetry: (id: string) => void): Column<TaskAnswer>[] {
  const nowMs = Date.now();
  return [
    { key: "id", title: "Job", value: ({ id }) => shortId(id), show: ({ id }) => <code>{shortId(id)}</code> },
    { key: "type", title: "Type", value: ({ simulation_type }) => simulation_type },
    {
      key: "status",
      title: "State",
      value: ({ status }) => STATUS_WORDS[status],
      show: ({ status }) => <Badge tone={STATUS_TONES[status]}>{STATUS_WORDS[status]}</Badge>,
    },
    {
      key: "progress",
      title: "Progress",
      value: ({ progress }) => progress,
      show: ({ progress }) => (progress === null ? "–" : `${formatNumber(100 * progress, 0)} %`),
    },
    { key: "user", title: "User", value: ({ user_id }) => shortId(user_id) },
    { key: "worker", title: "Worker", value: ({ worker }) => worker, show: ({ worker }) => <bdi>{worker ?? "–"}</bdi> },
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
    { key: "error", title: "Fault", value: ({ error }) => error?.message ?? null, wraps: true },
    {
      key: "retry",
      title: "Action",
      value: () => null,
      show: ({ id, status }) =>
        status === "FAILED" && (
          <button type="button" class="in-row" disabled={running} onClick={() => onRetry(id)}>
            Retry
          </button>
        ),
    },
  ];
}
