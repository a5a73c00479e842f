import type { ShownRun } from "../../src/systems/epistemix/schema/page";
import { Badge, type Tone } from "../common/badge";
import { formatNumber } from "../common/format";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { chosenRun, showTab } from "./place";
import { useShown } from "./shown";

const TONES: Record<ShownRun["status"], Tone> = {
  DONE: "good",
  RUNNING: "good",
  ERROR: "fault",
  QUEUED: "plain",
  NOT_STARTED: "plain",
};
const WORDS: Record<ShownRun["status"], string> = {
  DONE: "done",
  RUNNING: "running",
  ERROR: "failed",
  QUEUED: "waiting",
  NOT_STARTED: "waiting",
};

/** The runs of the job, each with its log and its result. */
export default function RunsTab() {
  return (
    <Table
      name="runs"
      caption="Runs"
      columns={COLUMNS}
      rows={useShown().job.runs}
      keyOf={({ id }) => String(id)}
      empty={{ what: "No runs yet." }}
    />
  );
}

function showLog(id: number): void {
  chosenRun.set(id);
  showTab("log");
}

const COLUMNS: Column<ShownRun>[] = [
  { key: "id", title: "Run", value: ({ id }) => id, show: ({ id }) => String(id) },
  {
    key: "state",
    title: "State",
    value: ({ status }) => WORDS[status],
    show: ({ status }) => <Badge tone={TONES[status]}>{WORDS[status]}</Badge>,
  },
  {
    key: "progress",
    title: "Days done",
    unit: "%",
    value: ({ progress }) => 100 * progress,
    show: ({ progress }) => formatNumber(100 * progress, 0),
  },
  { key: "seed", title: "Seed", value: ({ seed }) => seed },
  {
    key: "configuration",
    title: "Configuration",
    value: ({ configuration }) => configuration + 1,
    decimals: 0,
    atFirstHidden: true,
  },
  { key: "error", title: "Error", value: ({ error }) => error ?? "", wraps: true },
  {
    key: "log",
    title: "Log",
    value: () => null,
    show: ({ id, results }) =>
      results === null ? (
        ""
      ) : (
        <button type="button" class="link" onClick={() => showLog(id)}>
          Log of {id}
        </button>
      ),
  },
  {
    key: "result",
    title: "Result",
    value: () => null,
    show: ({ id, results }) => (results === null ? "" : <a href={results}>ZIP of {id}</a>),
  },
];
