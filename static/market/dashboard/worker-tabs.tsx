import { useState } from "preact/hooks";
import type { ListedWorker } from "../../../src/systems/market/schema/workers";
import { Badge } from "../../common/badge";
import { Empty } from "../../common/empty";
import { formatNumber } from "../../common/format";
import { Loading } from "../../common/loading";
import { Table } from "../../common/table";
import { Control } from "../control";
import { Hex } from "../hex";
import { Name, seenText } from "../name";
import { leavingOut } from "../narrow";
import { NoFleet } from "../no-fleet";
import { durationWords } from "../offer-columns";
import { RentForm } from "../rent";
import { ReputationStars } from "../reputation";
import { SimulatorLine } from "../simulator";
import { timeColumn } from "../times";
import { gpuWords, isOnline } from "../worker-words";
import { useWorkers } from "./workers";

/** Every worker with its state, its hardware and its terms. */
export function WorkersTab() {
  const workers = useWorkers();
  return (
    <Loading what="the workers" loaded={workers}>
      {(rows) =>
        rows.length === 0 ? (
          <NoFleet changed={workers.reload} />
        ) : (
          <section class="panel" aria-label="Workers">
            <SimulatorLine
              noneOnline={!rows.some((worker) => isOnline(worker, Date.now() / 1000))}
              changed={workers.reload}
            />
            <Table
              name="workers"
              caption="workers"
              columns={COLUMNS}
              rows={rows}
              keyOf={({ worker_id }) => worker_id}
              empty={{ what: "Workers would be here." }}
            />
          </section>
        )
      }
    </Loading>
  );
}

/** A worker, what it will cost, and the button that rents it. */
export function RentTab() {
  const workers = useWorkers();
  return (
    <section class="panel rent" aria-label="Rent Hashpower">
      <Loading what="the workers" loaded={workers}>
        {(all) => <RentChosen workers={all} reload={workers.reload} />}
      </Loading>
    </section>
  );
}

function RentChosen({ workers, reload }: { workers: readonly ListedWorker[]; reload: () => void }) {
  const free = workers.filter(({ state }) => state === "AVAILABLE");
  const [chosenId, choose] = useState<string | null>(null);
  const [rented, setRented] = useState<{ leaseId: string; workerId: string } | null>(null);
  const worker = free.find(({ worker_id }) => worker_id === chosenId) ?? free[0];
  return (
    <>
      {rented !== null && (
        <p role="status">
          Lease <Hex text={rented.leaseId} /> of <bdi>{rented.workerId}</bdi> has begun.
        </p>
      )}
      {worker === undefined ? (
        <Empty what="Workers that are free would be here to be rented. None is at this moment." />
      ) : (
        <>
          <label class="field">
            Worker
            <select value={worker.worker_id} onChange={(event) => choose(event.currentTarget.value)}>
              {free.map(({ worker_id, price_per_min }) => (
                <option key={worker_id} value={worker_id}>
                  {`${seenText(worker_id)}, ${formatNumber(price_per_min, 4)} XNM/min`}
                </option>
              ))}
            </select>
          </label>
          <RentForm
            key={worker.worker_id}
            worker={worker}
            onRented={({ lease_id, worker_id }) => {
              setRented({ leaseId: lease_id, workerId: worker_id });
              reload();
            }}
          />
        </>
      )}
    </>
  );
}

/** Commands for one worker or all. */
export function ControlTab() {
  const workers = useWorkers();
  return (
    <section class="panel" aria-label="Control">
      <Loading what="the workers" loaded={workers}>
        {(all) => <Control workers={all} />}
      </Loading>
    </section>
  );
}

const COLUMNS = leavingOut<ListedWorker>(
  ["stars", "gpus", "memory", "hashrate", "blocks", "config", "duration", "address", "heard"],
  [
    {
      key: "worker",
      title: "Worker",
      value: ({ worker_id }) => worker_id,
      show: ({ worker_id }) => <Name text={worker_id} />,
    },
    {
      key: "state",
      title: "State",
      value: ({ state }) => state,
      show: ({ state }) => <StateBadge state={state} />,
    },
    {
      key: "stars",
      title: "Reputation",
      value: ({ reputation }) => reputation.score,
      show: ({ reputation }) => <ReputationStars reputation={reputation} />,
    },
    {
      key: "gpus",
      title: "GPUs",
      value: ({ gpus, gpu_count }) => gpuWords(gpus) || String(gpu_count),
      show: ({ gpus, gpu_count }) => <Name text={gpuWords(gpus) || String(gpu_count)} />,
    },
    { key: "memory", title: "Memory", unit: "GB", value: ({ total_memory_gb }) => total_memory_gb },
    { key: "hashrate", title: "Hash rate", unit: "H/s", value: ({ hashrate }) => hashrate },
    { key: "blocks", title: "Self-mined", value: ({ self_blocks_found }) => self_blocks_found },
    {
      key: "config",
      title: "Config",
      value: (worker) => configWords(worker) || null,
      show: (worker) => configWords(worker) !== "" && <Name text={configWords(worker)} />,
    },
    { key: "price", title: "Price", unit: "XNM/min", decimals: 4, value: ({ price_per_min }) => price_per_min },
    { key: "duration", title: "Duration", value: durationWords },
    {
      key: "address",
      title: "Address",
      value: ({ eth_address }) => eth_address,
      show: ({ eth_address }) => <Hex text={eth_address} />,
    },
    timeColumn("heard", "Last heartbeat", ({ last_heartbeat }) => last_heartbeat),
  ],
);

function StateBadge({ state }: { state: string }) {
  if (state === "AVAILABLE") return <Badge tone="good">{state}</Badge>;
  return <Badge tone={state === "ERROR" ? "fault" : state === "offline" ? "stale" : "plain"}>{state}</Badge>;
}

/** What it mines now, as far as it has told. */
function configWords({ current_address, current_prefix, current_block_pattern }: ListedWorker): string {
  return [current_prefix, current_block_pattern, current_address].filter((text) => text !== "").join(" ");
}
