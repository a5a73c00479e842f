import { Fault } from "../common/fault";
import { formatFigure, formatNumber } from "../common/format";
import { lazy } from "../common/lazy";
import { showPage } from "../common/shell";
import { useStore } from "../common/store";
import { Tabs } from "../common/tabs";
import { CallerMark, caller } from "./caller";
import { askForList, fleet, followFleet, serverNowS } from "./fleet";
import { Freshness } from "./freshness";
import { OffersTab } from "./offers";
import { isOnline, situationOf } from "./worker-words";

const TABS = [
  { name: "offers", title: "Offers", Body: OffersTab },
  { name: "leases", title: "Leases", Body: lazy(() => import("./leases")) },
  { name: "provider", title: "Provider", Body: lazy(() => import("./provider")) },
  { name: "chain", title: "Chain", Body: lazy(() => import("./chain")) },
  { name: "admin", title: "Admin", Body: lazy(() => import("./admin")) },
] as const;

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
