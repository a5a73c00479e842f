import { render } from "preact";
import { useMemo } from "preact/hooks";
import type { StatusAnswer } from "../../../src/systems/market/schema/statistics";
import type { ListedWorker } from "../../../src/systems/market/schema/workers";
import { Boundary } from "../../common/boundary";
import { Card } from "../../common/card";
import { noteComeback } from "../../common/comebacks";
import { formatNumber } from "../../common/format";
import { openLive } from "../../common/live";
import { useRefreshed } from "../../common/load";
import { Loading } from "../../common/loading";
import { useStore } from "../../common/store";
import { Tabs } from "../../common/tabs";
import { Toasts } from "../../common/toast";
import { CallerMark, caller } from "../caller";
import { Freshness } from "../freshness";
import { isOnline } from "../worker-words";
import { AccountsTab, BlocksTab, LeasesTab } from "./lists";
import { ControlTab, RentTab, WorkersTab } from "./worker-tabs";
import { Workers } from "./workers";

const TITLE = "XenMiner Hashpower Marketplace";
const REFRESH_MS = 5000;

const TABS = [
  { name: "workers", title: "Workers", Body: WorkersTab },
  { name: "leases", title: "Leases", Body: LeasesTab },
  { name: "blocks", title: "Blocks", Body: BlocksTab },
  { name: "accounts", title: "Accounts", Body: AccountsTab },
  { name: "rent", title: "Rent Hashpower", Body: RentTab },
  { name: "control", title: "Control", Body: ControlTab },
] as const;

// The page of the market that older links and screens know. It asks for nothing but what the market itself answers, so
// that it works on the market's own port too.
document.title = TITLE;
// There is no shell here that would tell when the server is back.
openLive("/ws/dashboard", {
  kind: "socket",
  silenceLimitMs: Number.POSITIVE_INFINITY,
  onMessage: () => undefined,
  onReturn: noteComeback,
});
render(<Dashboard />, document.getElementById("app")!);

function Dashboard() {
  const account = useStore(caller);
  return (
    <>
      <Boundary where="The dashboard">
        {/* Whoever signs in or out asks for everything anew. */}
        <DashboardNow key={account?.account_id} />
      </Boundary>
      <Toasts />
    </>
  );
}

function DashboardNow() {
  const status = useRefreshed<StatusAnswer>("/api/status", REFRESH_MS);
  const workers = useRefreshed<readonly ListedWorker[]>("/api/workers", REFRESH_MS);
  // Each answer is an object of its own.
  const heardAt = useMemo(() => (status.value === undefined ? null : Date.now()), [status.value]);
  return (
    <Workers.Provider value={workers}>
      <header class="dashboard-head">
        <h1>{TITLE}</h1>
        <Freshness heardAt={heardAt} />
        <CallerMark />
      </header>
      <main id="main">
        <Loading what="the figures" loaded={status}>
          {(now) => (
            <>
              <Figures now={now} workers={workers.value} />
              <Tabs label="Views of the market" tabs={TABS} />
            </>
          )}
        </Loading>
      </main>
    </Workers.Provider>
  );
}

function Figures({ now, workers }: { now: StatusAnswer; workers: readonly ListedWorker[] | undefined }) {
  const online = workers?.filter((worker) => isOnline(worker, Date.now() / 1000)).length;
  const figures = [
    ["Workers Online", online, `of ${formatNumber(now.workers, 0)} registered`],
    ["Active Leases", now.active_leases, "run now"],
    ["Total Blocks", now.total_blocks, "reported by workers"],
    ["Self-Mined", now.self_mined_blocks, "blocks without a lease"],
    ["Settlements", now.total_settlements, "of leases that ended"],
    ["MQTT Clients", now.mqtt_clients.length, "connected to the broker"],
  ] as const;
  return (
    <div class="cards figures">
      {figures.map(([title, count, caption]) => (
        <Card
          key={title}
          title={title}
          figure={count === undefined ? null : formatNumber(count, 0)}
          caption={caption}
        />
      ))}
    </div>
  );
}
