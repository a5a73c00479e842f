import type { ListedJob } from "../../src/systems/epistemix/schema/page";
import { Badge } from "../common/badge";
import { formatTime } from "../common/format";
import { useStore } from "../common/store";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { jobs } from "./jobs-stream";
import { showJob } from "./place";
import { runNow } from "./run";
import { useShown } from "./shown";
import { nameOf, stateOf } from "./words";

/** My jobs, those of notebooks too, as they come. */
export default function JobsTab() {
  const { job } = useShown();
  return (
    <Table
      name="jobs"
      caption="Jobs"
      columns={columnsBeside(job.id)}
      rows={useStore(jobs) ?? []}
      keyOf={({ id }) => String(id)}
      empty={{ what: "No jobs yet.", action: { label: "Run the model", run: () => void runNow() } }}
    />
  );
}

function columnsBeside(shown: number): Column<ListedJob>[] {
  return [
    {
      key: "id",
      title: "Job",
      value: ({ id }) => id,
      show: ({ id }) => (
        <button type="button" class="link" onClick={() => showJob(id)}>
          {id}
        </button>
      ),
    },
    { key: "name", title: "Name", value: nameOf, show: (job) => <bdi>{nameOf(job)}</bdi> },
    {
      key: "state",
      title: "State",
      value: (job) => stateOf(job).words,
      show: (job) => <Badge tone={stateOf(job).tone}>{stateOf(job).words}</Badge>,
    },
    {
      key: "runs",
      title: "Runs done",
      value: ({ counts }) => counts.done,
      show: ({ counts }) => `${counts.done} of ${counts.all}`,
    },
    { key: "created", title: "Created", unit: "UTC", value: ({ created }) => formatTime(created) },
    { key: "locations", title: "Locations", value: ({ locations }) => locations.join(", "), wraps: true },
    {
      key: "compare",
      title: "Compare",
      value: () => null,
      show: ({ id, counts }) =>
        id === shown || counts.done === 0 ? (
          ""
        ) : (
          <button type="button" class="link" onClick={() => showJob(shown, id)}>
            with job {shown}
          </button>
        ),
    },
  ];
}
