import type { HandlersAnswer } from "../../src/systems/jobs/schema/handlers";
import type { ScheduleAnswer } from "../../src/systems/jobs/schema/schedules";
import type { Submission } from "../../src/systems/jobs/schema/simulations";
import { useAction } from "../common/action";
import { answerTo } from "../common/api";
import { Badge } from "../common/badge";
import { Fault } from "../common/fault";
import { formatTime } from "../common/format";
import { useRefreshed } from "../common/load";
import { Loading } from "../common/loading";
import { Sure } from "../common/sure";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { titleOf, useHandlers } from "./handlers";
import { JobLink } from "./job-link";
import { NewSchedule } from "./new-schedule";
import { at } from "./session";

const REFRESH_MS = 5000;

/** Jobs that start by the clock. */
export default function SchedulesTab() {
  const handlers = useHandlers();
  const schedules = useRefreshed<ScheduleAnswer[]>(at("/schedules"), REFRESH_MS);
  const available = handlers.value?.simulations.filter((known) => known.available) ?? [];
  const change = useAction("PATCH /schedules/{id}", async (id: string, enabled: boolean) => {
    const headers = { "content-type": "application/json" };
    await answerTo(at(`/schedules/${id}`), { method: "PATCH", headers, body: JSON.stringify({ enabled }) });
    schedules.reload();
  });
  const remove = useAction("DELETE /schedules/{id}", async (id: string) => {
    await answerTo(at(`/schedules/${id}`), { method: "DELETE" });
    schedules.reload();
  });
  const fault = change.fault ?? remove.fault;
  const columns = columnsOf(
    handlers.value,
    (id, enabled) => void change.run(id, enabled),
    (id) => void remove.run(id),
  );
  return (
    <>
      <section class="panel" aria-label="My schedules">
        <h2>My schedules</h2>
        {fault !== undefined && <Fault report={fault} />}
        <Loading what="the schedules" loaded={schedules}>
          {(rows) => (
            <Table
              name="schedules"
              caption="schedules"
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              empty={{ what: "No schedules yet. Make one below." }}
            />
          )}
        </Loading>
      </section>
      {available.length > 0 && <NewSchedule handlers={available} done={schedules.reload} />}
    </>
  );
}

function columnsOf(
  handlers: HandlersAnswer | undefined,
  onEnable: (id: string, enabled: boolean) => void,
  onRemove: (id: string) => void,
): Column<ScheduleAnswer>[] {
  return [
    {
      key: "name",
      title: "Name",
      value: ({ name, cron }) => name || cron,
      show: ({ name, cron }) => <bdi>{name || cron}</bdi>,
    },
    { key: "cron", title: "Cron", value: ({ cron }) => cron, show: ({ cron }) => <code>{cron}</code> },
    { key: "zone", title: "Zone", value: ({ zone }) => zone },
    { key: "type", title: "Runs", value: ({ job }) => titleOf((job as Submission).simulation_type, handlers) },
    {
      key: "enabled",
      title: "State",
      value: ({ enabled }) => (enabled ? "on" : "paused"),
      show: ({ enabled }) => <Badge tone={enabled ? "good" : "stale"}>{enabled ? "on" : "paused"}</Badge>,
    },
    {
      key: "next",
      title: "Next",
      unit: "UTC",
      value: ({ next_at }) => (next_at === null ? null : formatTime(next_at)),
    },
    {
      key: "last",
      title: "Last job",
      value: ({ last_at }) => (last_at === null ? null : formatTime(last_at)),
      show: ({ last_at, last_job_id }) =>
        last_job_id === null ? "–" : <JobLink id={last_job_id}>{formatTime(last_at ?? "")}</JobLink>,
    },
    { key: "skipped", title: "Skipped", value: ({ skipped }) => skipped },
    {
      key: "actions",
      title: "Action",
      value: () => null,
      show: ({ id, enabled }) => (
        <span class="row">
          <button type="button" class="in-row" onClick={() => onEnable(id, !enabled)}>
            {enabled ? "Pause" : "Resume"}
          </button>
          <Sure label="Remove" question="Remove this schedule?" onSure={() => onRemove(id)} />
        </span>
      ),
    },
  ];
}
