import type { QueueAnswer, WorkerAnswer } from "../../src/systems/jobs/schema/monitor";
import { useAction } from "../common/action";
import { postJson } from "../common/api";
import { Badge } from "../common/badge";
import { Card } from "../common/card";
import { Fault } from "../common/fault";
import { useRefreshed } from "../common/load";
import { Loading } from "../common/loading";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { at } from "./session";
import { Tasks } from "./tasks";

const REFRESH_MS = 2000;

/** What the server does for everybody: workers, queues, and all users' jobs. For superusers. */
export default function MonitorTab() {
  const workers = useRefreshed<WorkerAnswer[]>(at("/monitor/workers"), REFRESH_MS);
  // One refusal tells it all.
  if (workers.value === undefined) {
    return (
      <Loading what="the workers" loaded={workers}>
        {() => null}
      </Loading>
    );
  }
  return (
    <>
      <Workers workers={workers.value} />
      <Queues />
      <Tasks />
    </>
  );
}

function Workers({ workers }: { workers: readonly WorkerAnswer[] }) {
  return (
    <div class="cards">
      {workers.map(({ name, queue, slots, running, paused }) => (
        <Card
          key={`${queue} ${name}`}
          title={`Worker of ${queue}`}
          figure={`${running.length} of ${slots}`}
          caption="slots in use"
          mark={paused ? <Badge tone="stale">paused</Badge> : undefined}
        >
          <p class="quiet-text">
            <bdi>{name}</bdi>
          </p>
        </Card>
      ))}
    </div>
  );
}

function Queues() {
  const queues = useRefreshed<QueueAnswer[]>(at("/monitor/queues"), REFRESH_MS);
  const { running, fault, run } = useAction("POST /monitor/queues/{queue}", async (queue: string, verb: string) => {
    await postJson(at(`/monitor/queues/${queue}/${verb}`), {});
    queues.reload();
  });
  const columns: Column<QueueAnswer>[] = [
    { key: "queue", title: "Queue", value: ({ queue }) => queue },
    { key: "ready", title: "Waiting", value: ({ ready }) => ready },
    { key: "delayed", title: "Waiting for a time", value: ({ delayed }) => delayed },
    { key: "leased", title: "Running", value: ({ leased }) => leased },
    {
      key: "paused",
      title: "State",
      value: ({ paused }) => (paused ? "paused" : "on"),
      show: ({ paused }) => <Badge tone={paused ? "stale" : "good"}>{paused ? "paused" : "on"}</Badge>,
    },
    {
      key: "pause",
      title: "Action",
      value: () => null,
      show: ({ queue, paused }) => (
        <button
          type="button"
          class="in-row"
          disabled={running}
          onClick={() => void run(queue, paused ? "resume" : "pause")}
        >
          {paused ? `Resume ${queue}` : `Pause ${queue}`}
        </button>
      ),
    },
  ];
  return (
    <section class="panel" aria-label="Queues">
      <h2>Queues</h2>
      {fault !== undefined && <Fault report={fault} />}
      <Loading what="the queues" loaded={queues}>
        {(rows) => (
          <Table
            name="queues"
            caption="queues"
            columns={columns}
            rows={rows}
            keyOf={({ queue }) => queue}
            empty={{ what: "This server takes work from no queue." }}
          />
        )}
      </Loading>
    </section>
  );
}
