import type { StorageAnswer, UserStorage } from "../../src/systems/jobs/schema/storage";
import { Card } from "../common/card";
import { formatBytes, formatNumber } from "../common/format";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { at } from "./session";

/** What results and reports take, by user, and what retention will remove. */
export default function StorageTab() {
  const storage = useLoaded<StorageAnswer>(at("/storage"));
  return (
    <Loading what="the storage" loaded={storage}>
      {(now) => (
        <>
          <Mine mine={now.users[0]!} kept={now} />
          <section class="panel" aria-label="By user">
            <h2>By user</h2>
            <Table
              name="storage"
              caption="storage by user"
              columns={columnsOf(now)}
              rows={now.users}
              keyOf={({ user_id }) => user_id}
              empty={{ what: "No users." }}
            />
          </section>
        </>
      )}
    </Loading>
  );
}

function Mine({ mine, kept }: { mine: UserStorage; kept: StorageAnswer }) {
  const { keep_days, keep_events_days, due_within_days } = kept;
  const atLeast = mine.is_partial ? "at least " : "";
  return (
    <div class="cards">
      <Card
        title="My results"
        figure={formatBytes(mine.jobs.bytes)}
        caption={`${atLeast}${formatNumber(mine.jobs.count, 0)} jobs`}
      />
      <Card
        title="My reports"
        figure={formatBytes(mine.reports.bytes)}
        caption={`${atLeast}${formatNumber(mine.reports.count, 0)} reports`}
      />
      <Card
        title={`Removed within ${due_within_days} days`}
        figure={formatBytes(mine.due.bytes)}
        caption={`${formatNumber(mine.due.count, 0)} of mine`}
      />
      <Card
        title="Kept"
        figure={`${keep_days} days`}
        caption={`after their end; logs and timelines ${keep_events_days} days`}
      />
    </div>
  );
}

function columnsOf({ due_within_days }: StorageAnswer): Column<UserStorage>[] {
  return [
    { key: "user", title: "User", value: ({ email, user_id }) => email || user_id },
    { key: "jobs", title: "Jobs", value: ({ jobs }) => jobs.count },
    {
      key: "results",
      title: "Results",
      value: ({ jobs }) => jobs.bytes,
      show: ({ jobs }) => formatBytes(jobs.bytes),
    },
    { key: "reports", title: "Reports", value: ({ reports }) => reports.count },
    {
      key: "files",
      title: "Files of reports",
      value: ({ reports }) => reports.bytes,
      show: ({ reports }) => formatBytes(reports.bytes),
    },
    {
      key: "due",
      title: `Removed within ${due_within_days} days`,
      value: ({ due }) => due.bytes,
      show: ({ due }) => `${formatNumber(due.count, 0)}, ${formatBytes(due.bytes)}`,
    },
    { key: "partial", title: "Counted", value: ({ is_partial }) => (is_partial ? "the oldest 5 000 of each" : "all") },
  ];
}
