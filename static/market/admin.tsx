import { useState } from "preact/hooks";
import type { AccountAnswer } from "../../src/systems/market/schema/accounts";
import type { SettlementAnswer } from "../../src/systems/market/schema/leases";
import type { OffsetPage } from "../../src/systems/market/schema/scalars";
import type { ActivityEvent, ActivityPage, OverviewAnswer } from "../../src/systems/market/schema/statistics";
import { Card } from "../common/card";
import { formatNumber } from "../common/format";
import { useRefreshed } from "../common/load";
import { Loading } from "../common/loading";
import { useStore } from "../common/store";
import { Table } from "../common/table";
import { AccountTable, DepositDialog } from "./accounts";
import { caller, KeyForm } from "./caller";
import { Control } from "./control";
import { fleet } from "./fleet";
import { Hex } from "./hex";
import { leavingOut } from "./narrow";
import { SettlementTable } from "./settlements";
import { timeColumn } from "./times";
import { PlaceLink, WorkerLink } from "./view";

const REFRESH_MS = 10_000;
const SETTLEMENTS_LISTED = 200;
const EVENTS_LISTED = 30;

/** What only the admin sees and does; before the key is typed in, the place to type it. */
export default function AdminTab() {
  const account = useStore(caller);
  if (account?.role === "admin") return <AdminView />;
  return (
    <section class="panel" aria-label="Admin">
      <h2>Admin</h2>
      <p>
        Figures, accounts, settlements and commands for all workers would be here. The key is the setting{" "}
        <code>MARKET_ADMIN_KEY</code>; its place is told on the page <a href="/system?tab=settings">System</a>.
      </p>
      <KeyForm />
    </section>
  );
}

function AdminView() {
  const overview = useRefreshed<OverviewAnswer>("/api/overview/stats", REFRESH_MS);
  const { workers = [] } = useStore(fleet);
  // What is below waits for what is above, so that nothing is pushed away from under the pointer.
  return (
    <Loading what="the figures" loaded={overview}>
      {(now) => (
        <>
          <OverviewCards now={now} />
          <Accounts />
          <Settlements />
          <div class="columns">
            <Activity />
            <section class="panel" aria-label="Commands">
              <h2>Commands</h2>
              <Control workers={workers} />
            </section>
          </div>
        </>
      )}
    </Loading>
  );
}

function OverviewCards({ now }: { now: OverviewAnswer }) {
  return (
    <div class="cards figures">
      <Card
        title="Revenue"
        figure={`${formatNumber(now.platform_revenue, 4)} XNM`}
        caption="fees of leases that were settled"
      />
      <Card
        title="Leases"
        figure={formatNumber(now.total_leases, 0)}
        caption={`${formatNumber(now.active_leases, 0)} running`}
      />
      <Card
        title="Users"
        figure={formatNumber(now.total_users, 0)}
        caption={`${formatNumber(now.total_providers, 0)} providers, ${formatNumber(now.total_consumers, 0)} consumers`}
      />
      <Card
        title="Workers"
        figure={formatNumber(now.total_workers, 0)}
        caption={`${formatNumber(now.online_workers, 0)} online`}
      />
    </div>
  );
}

function Accounts() {
  const accounts = useRefreshed<Record<string, AccountAnswer>>("/api/accounts", REFRESH_MS);
  const [depositing, setDepositing] = useState<AccountAnswer | null>(null);
  return (
    <section class="panel" aria-label="Accounts">
      <h2>Accounts</h2>
      <Loading what="the accounts" loaded={accounts}>
        {(byId) => <AccountTable accounts={Object.values(byId)} deposit={setDepositing} />}
      </Loading>
      {depositing !== null && (
        <DepositDialog
          account={depositing}
          onClose={() => setDepositing(null)}
          onDone={() => {
            setDepositing(null);
            accounts.reload();
          }}
        />
      )}
    </section>
  );
}

function Settlements() {
  const settlements = useRefreshed<OffsetPage<SettlementAnswer>>(
    `/api/settlements?limit=${SETTLEMENTS_LISTED}`,
    REFRESH_MS,
  );
  return (
    <section class="panel" aria-label="Settlements">
      <h2>Settlements</h2>
      <Loading what="the settlements" loaded={settlements}>
        {({ items, total }) => (
          <>
            <SettlementTable settlements={items} empty="What was charged for leases, and who got it, would be here." />
            {total > items.length && (
              <p class="quiet-text">
                These are the newest {items.length} of {total}.
              </p>
            )}
          </>
        )}
      </Loading>
    </section>
  );
}

function Activity() {
  const activity = useRefreshed<ActivityPage>(`/api/overview/activity?limit=${EVENTS_LISTED}`, REFRESH_MS);
  return (
    <section class="panel" aria-label="Activity">
      <h2>Activity</h2>
      <Loading what="the activity" loaded={activity}>
        {({ items }) => (
          <Table
            name="activity"
            caption="events"
            columns={ACTIVITY_COLUMNS}
            rows={items}
            keyOf={({ type, timestamp, details }) => `${type} ${timestamp} ${Object.values(details).join(" ")}`}
            empty={{ what: "Leases that begin and end, and blocks that are found, would be here." }}
          />
        )}
      </Loading>
    </section>
  );
}

const EVENT_WORDS = { block: "block found", lease_started: "lease began", lease_completed: "lease ended" };

const ACTIVITY_COLUMNS = leavingOut<ActivityEvent>(
  ["lease"],
  [
    timeColumn("time", "Time", ({ timestamp }) => timestamp),
    { key: "event", title: "Event", value: ({ type }) => EVENT_WORDS[type] },
    {
      key: "worker",
      title: "Worker",
      value: ({ details }) => details.worker_id,
      show: ({ details }) => <WorkerLink id={details.worker_id} />,
    },
    {
      key: "lease",
      title: "Lease",
      value: ({ details }) => details.lease_id,
      show: ({ details: { lease_id } }) =>
        lease_id === "" ? (
          <span class="quiet-text">none</span>
        ) : (
          <PlaceLink to={{ lease: lease_id }}>
            <Hex text={lease_id.replace("lease-", "")} />
          </PlaceLink>
        ),
    },
  ],
);
