import { useState } from "preact/hooks";
import type { ListedWorker } from "../../src/systems/market/schema/workers";
import { useStore } from "../common/store";
import { Table } from "../common/table";
import { choiceCodec, textCodec, useUrlState } from "../common/url-state";
import { askForList, fleet, serverNowS } from "./fleet";
import { NoFleet } from "./no-fleet";
import { offerColumns } from "./offer-columns";
import { RentDialog } from "./rent";
import { SimulatorLine } from "./simulator";
import { chosenWorker, goTo } from "./view";
import { WorkerView } from "./worker";
import { gpuName, isOnline, situationOf } from "./worker-words";

const ask = () => void askForList();

const SHOWN = ["all", "free", "online"] as const;
const SHOWN_WORDS = { all: "every worker", free: "free ones", online: "those online" };

/** The workers that can be rented, or the page of the one that was chosen. */
export function OffersTab() {
  const { workers } = useStore(fleet);
  const id = useStore(chosenWorker);
  const [renting, setRenting] = useState<ListedWorker | null>(null);
  if (workers === undefined) return <p class="quiet-text loading">Loading the workers</p>;
  const chosen = workers.find(({ worker_id }) => worker_id === id);
  return (
    <>
      {workers.length === 0 && <NoFleet changed={ask} />}
      {workers.length > 0 && id === "" && <Offers workers={workers} rent={setRenting} />}
      {id !== "" && <WorkerView key={id} id={id} worker={chosen} rent={setRenting} />}
      {renting !== null && (
        <RentDialog
          worker={renting}
          onClose={() => setRenting(null)}
          onRented={({ lease_id }) => {
            setRenting(null);
            ask();
            goTo({ lease: lease_id });
          }}
        />
      )}
    </>
  );
}

function Offers({ workers, rent }: { workers: readonly ListedWorker[]; rent: (worker: ListedWorker) => void }) {
  const filters = useFilters();
  const nowS = serverNowS();
  return (
    <section class="panel" aria-label="Offers">
      <div class="panel-tools">
        <FilterFields filters={filters} workers={workers} />
        <SimulatorLine noneOnline={!workers.some((worker) => isOnline(worker, nowS))} changed={ask} />
      </div>
      <Table
        name="offers"
        caption="workers"
        columns={offerColumns(nowS, rent)}
        rows={workers.filter((worker) => passes(worker, filters, nowS))}
        keyOf={({ worker_id }) => worker_id}
        sort={{ key: "perhash", direction: "ascending" }}
        empty={{
          what: `None of the ${workers.length} workers is like that.`,
          action: { label: "Show every worker", run: filters.clear },
        }}
      />
    </section>
  );
}

type Filters = ReturnType<typeof useFilters>;

/** What is asked of a worker, in the address. */
function useFilters() {
  const [shown, setShown] = useUrlState("show", choiceCodec(SHOWN, "all"));
  const [gpu, setGpu] = useUrlState("gpu", textCodec());
  const [price, setPrice] = useUrlState("price", textCodec());
  const [rate, setRate] = useUrlState("rate", textCodec());
  function clear(): void {
    setShown("all");
    for (const set of [setGpu, setPrice, setRate]) set("");
  }
  return { shown, setShown, gpu, setGpu, price, setPrice, rate, setRate, clear };
}

function passes(worker: ListedWorker, { shown, gpu, price, rate }: Filters, nowS: number): boolean {
  const { word } = situationOf(worker, nowS);
  if (shown === "free" && word !== "free") return false;
  if (shown === "online" && word === "away") return false;
  if (gpu !== "" && !worker.gpus.some((one) => gpuName(one) === gpu)) return false;
  // What is no number asks for nothing.
  if (price !== "" && worker.price_per_min > Number(price)) return false;
  return rate === "" || !(worker.hashrate < Number(rate));
}

function FilterFields({ filters, workers }: { filters: Filters; workers: readonly ListedWorker[] }) {
  const { shown, setShown, gpu, setGpu, price, setPrice, rate, setRate } = filters;
  const kinds = [
    ...new Set([...workers.flatMap(({ gpus }) => gpus.map(gpuName)), ...(gpu === "" ? [] : [gpu])]),
  ].sort();
  return (
    <>
      <label>
        Show
        <select value={shown} onChange={(event) => setShown(event.currentTarget.value as (typeof SHOWN)[number])}>
          {SHOWN.map((name) => (
            <option key={name} value={name}>
              {SHOWN_WORDS[name]}
            </option>
          ))}
        </select>
      </label>
      <label>
        GPU
        <select class="gpu-choice" value={gpu} onChange={(event) => setGpu(event.currentTarget.value)}>
          <option value="">any</option>
          {kinds.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <LimitField label="At most, XNM/min" value={price} set={setPrice} />
      <LimitField label="At least, H/s" value={rate} set={setRate} />
    </>
  );
}

/** A number that asks for something, or nothing; what is no number is marked and asks for nothing either. */
function LimitField({ label, value, set }: { label: string; value: string; set: (value: string) => void }) {
  return (
    <label>
      {label}
      <input
        class="short"
        inputMode="decimal"
        value={value}
        placeholder="any"
        aria-invalid={Number.isNaN(Number(value))}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </label>
  );
}
