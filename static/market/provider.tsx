import { useState } from "preact/hooks";
import type { SettlementAnswer } from "../../src/systems/market/schema/leases";
import type { ProviderDashboard } from "../../src/systems/market/schema/statistics";
import type { OwnedWorker, OwnedWorkers } from "../../src/systems/market/schema/workers";
import { Badge } from "../common/badge";
import { Card } from "../common/card";
import { Empty } from "../common/empty";
import { formatDuration, formatNumber } from "../common/format";
import { useRefreshed } from "../common/load";
import { Loading } from "../common/loading";
import { useStore } from "../common/store";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { textCodec, useUrlState } from "../common/url-state";
import { caller } from "./caller";
import { fleet } from "./fleet";
import { Name } from "./name";
import { leavingOut } from "./narrow";
import { PriceDialog } from "./price";
import { SettlementTable } from "./settlements";
import { WorkerLink } from "./view";

const REFRESH_MS = 10_000;

/** What a provider has: its workers with their prices, and what they have earned. */
export default function ProviderTab() {
  const account = useStore(caller);
  const { workers = [] } = useStore(fleet);
  const [chosen, setChosen] = useUrlState("provider", textCodec());
  const provider = chosen || (account?.role === "provider" ? account.account_id : "");
  const addresses = [...new Set(workers.map(({ eth_address }) => eth_address))].filter((address) => address !== "");
  return (
    <>
      <section class="panel" aria-label="Provider">
        <label class="field">
          Provider
          <input
            type="search"
            class="wide"
            list="providers"
            value={provider}
            maxLength={128}
            placeholder="address, worker or account"
            onChange={(event) => setChosen(event.currentTarget.value.trim())}
          />
        </label>
        <datalist id="providers">
          {[...addresses, ...workers.map(({ worker_id }) => worker_id)].slice(0, 200).map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        {provider === "" && (
          <Empty
            what="Workers and earnings of one provider would be here: name its address, its account or one of its workers."
            {...(addresses[0] !== undefined && {
              action: { label: "Show the first one", run: () => setChosen(addresses[0]!) },
            })}
          />
        )}
        {provider !== "" && <Figures key={provider} provider={provider} />}
      </section>
      {provider !== "" && <Possessions key={provider} provider={provider} />}
    </>
  );
}

function Figures({ provider }: { provider: string }) {
  const figures = useRefreshed<ProviderDashboard>(pathOf("dashboard", provider), REFRESH_MS);
  return (
    <Loading what="the figures" loaded={figures}>
      {(now) => (
        <div class="cards">
          <Card
            title="Earned"
            figure={`${formatNumber(now.total_earned, 4)} XNM`}
            caption="95 % of what was charged for its leases"
          />
          <Card
            title="Workers"
            figure={formatNumber(now.worker_count, 0)}
            caption={`${formatNumber(now.active_leases, 0)} rented now`}
          />
          <Card
            title="Hash rate"
            figure={`${formatNumber(now.avg_hashrate, 0)} H/s`}
            caption="on average over its workers"
          />
          <Card
            title="Own blocks"
            figure={formatNumber(now.total_blocks_mined, 0)}
            caption="mined for itself, between leases"
          />
        </div>
      )}
    </Loading>
  );
}

function Possessions({ provider }: { provider: string }) {
  const workers = useRefreshed<OwnedWorkers>(pathOf("workers", provider, "&limit=100"), REFRESH_MS);
  const earnings = useRefreshed<{ earnings: readonly SettlementAnswer[] }>(pathOf("earnings", provider), REFRESH_MS);
  const [pricing, setPricing] = useState<string | null>(null);
  return (
    <>
      <section class="panel" aria-label="Workers of the provider">
        <h2>Workers</h2>
        <Loading what="the workers" loaded={workers}>
          {({ items, total }) => (
            <>
              <Table
                name="owned"
                caption="workers"
                columns={columnsFor(setPricing)}
                rows={items}
                keyOf={({ worker_id }) => worker_id}
                empty={{ what: "No worker has this address, name or account." }}
              />
              {total > items.length && (
                <p class="quiet-text">
                  These are the first {items.length} of {total}.
                </p>
              )}
            </>
          )}
        </Loading>
      </section>
      <section class="panel" aria-label="Earnings">
        <h2>Earnings</h2>
        <Loading what="the earnings" loaded={earnings}>
          {(answer) => (
            <SettlementTable
              settlements={answer.earnings}
              empty="What its leases earned would be here, settled to the second when each one ends."
            />
          )}
        </Loading>
      </section>
      {pricing !== null && (
        <PriceDialog
          workerId={pricing}
          onClose={() => setPricing(null)}
          onSaved={() => {
            setPricing(null);
            workers.reload();
          }}
        />
      )}
    </>
  );
}

function columnsFor(price: (workerId: string) => void): readonly Column<OwnedWorker>[] {
  return leavingOut<OwnedWorker>(
    ["gpu", "memory", "hashrate", "blocks", "online"],
    [
      {
        key: "worker",
        title: "Worker",
        value: ({ worker_id }) => worker_id,
        show: ({ worker_id }) => <WorkerLink id={worker_id} />,
      },
      {
        key: "state",
        title: "State",
        value: ({ state, online }) => (online ? state.toLowerCase() : "away"),
        show: ({ state, online }) => (
          <Badge tone={online ? "plain" : "stale"}>{online ? state.toLowerCase() : "away"}</Badge>
        ),
      },
      {
        key: "gpu",
        title: "GPUs",
        value: ({ gpu_name }) => gpu_name,
        show: ({ gpu_name }) => <Name text={gpu_name} />,
      },
      { key: "memory", title: "Memory", unit: "GB", value: ({ memory_gb }) => memory_gb },
      { key: "hashrate", title: "Hash rate", unit: "H/s", value: ({ hashrate }) => hashrate },
      { key: "blocks", title: "Own blocks", value: ({ self_blocks_found }) => self_blocks_found },
      {
        key: "online",
        title: "Online",
        value: ({ total_online_sec }) => total_online_sec,
        show: ({ total_online_sec }) => formatDuration(total_online_sec),
      },
      {
        key: "price",
        title: "Price",
        unit: "XNM/min",
        value: ({ price_per_min }) => price_per_min,
        show: ({ worker_id, price_per_min }) => (
          <>
            {formatNumber(price_per_min, 4)}{" "}
            <button type="button" class="in-row" aria-label={`Price of ${worker_id}`} onClick={() => price(worker_id)}>
              Price
            </button>
          </>
        ),
      },
    ],
  );
}

function pathOf(what: string, provider: string, more = ""): string {
  return `/api/provider/${what}?provider_id=${encodeURIComponent(provider)}${more}`;
}
