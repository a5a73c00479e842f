import type { FunctionComponent } from "preact";
import { Fault } from "../common/fault";
import { formatFigure, formatNumber } from "../common/format";
import { lazy } from "../common/lazy";
import { showPage } from "../common/shell";
import { useStore } from "../common/store";
import { type Tab, Tabs } from "../common/tabs";
import { CallerMark, caller } from "./caller";
import { askForList, fleet, followFleet, serverNowS } from "./fleet";
import { Freshness } from "./freshness";
import { OffersTab } from "./offers";
import { TAB_NAMES, TAB_TITLES, type TabName } from "./tabs";
import { isOnline, situationOf } from "./worker-words";

const BODIES: Record<TabName, FunctionComponent> = {
  offers: OffersTab,
  leases: lazy(() => import("./leases")),
  provider: lazy(() => import("./provider")),
  chain: lazy(() => import("./chain")),
  admin: lazy(() => import("./admin")),
};
const TABS = TAB_NAMES.map((name) => ({ name, title: TAB_TITLES[name], Body: BODIES[name] })) as [Tab, ...Tab[]];

followFleet();
showPage({ title: "Market", Body: MarketPage });

function MarketPage() {
  const account = useStore(caller);
  return (
    <>
      <MarketLine />
      {/* Whoever signs in or out asks for everything anew. */}
      <Tabs key={account?.account_id} label="Views of the market" tabs={TABS} />
    </>
  );
}

/** The market in one line, how fresh it is, and who is signed in. */
function MarketLine() {
  const { workers, heardAt, fault } = useStore(fleet);
  const nowS = serverNowS();
  const online = (workers ?? []).filter((worker) => isOnline(worker, nowS));
  const free = online.filter((worker) => situationOf(worker, nowS).word === "free");
  const hashrate = online.reduce((sum, worker) => sum + worker.hashrate, 0);
  return (
    <>
      <div class="market-line">
        <Freshness heardAt={heardAt} />
        {workers !== undefined && workers.length > 0 && (
          <span class="quiet-text market-sum">
            {workers.length === 1 ? "1 worker" : `${formatNumber(workers.length, 0)} workers`},{" "}
            {formatNumber(online.length, 0)} online, {formatNumber(free.length, 0)} free;{" "}
            {formatFigure(hashrate, "H/s")} together
          </span>
        )}
        <CallerMark />
      </div>
      {fault !== undefined && workers === undefined && <Fault report={fault} retry={() => void askForList()} />}
    </>
  );
}
