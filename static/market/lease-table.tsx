import type { LeaseAnswer } from "../../src/systems/market/schema/leases";
import { Badge } from "../common/badge";
import { Fault } from "../common/fault";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { leavingOut } from "./narrow";
import { partyColumns } from "./party-columns";
import { useStop } from "./stop";
import { timeColumn } from "./times";

/** Leases with a button that stops those which run. */
export function LeaseTable(props: {
  leases: readonly LeaseAnswer[];
  reload: () => void;
  emptyAction?: { label: string; run: () => void };
}) {
  const { leases, reload, emptyAction } = props;
  const stop = useStop(reload);
  const what = "Leases would be here: who rented which worker, for how long, and what was found.";
  return (
    <>
      {stop.fault !== undefined && <Fault report={stop.fault} />}
      <Table
        name="leases"
        caption="leases"
        columns={columnsFor((leaseId) => void stop.run(leaseId))}
        rows={leases}
        keyOf={({ lease_id }) => lease_id}
        empty={emptyAction === undefined ? { what } : { what, action: emptyAction }}
      />
    </>
  );
}

function columnsFor(stop: (leaseId: string) => void): readonly Column<LeaseAnswer>[] {
  return leavingOut<LeaseAnswer>(
    ["began", "consumer", "elapsed", "bought", "price", "blocks", "hashrate"],
    [
      timeColumn("began", "Began", ({ created_at }) => created_at),
      ...partyColumns<LeaseAnswer>(),
      {
        key: "state",
        title: "State",
        value: ({ state }) => state,
        show: ({ state, lease_id }) =>
          state === "active" ? (
            <span class="row stoppable">
              <Badge tone="good">running</Badge>
              <button type="button" class="in-row" aria-label={`Stop ${lease_id}`} onClick={() => stop(lease_id)}>
                Stop
              </button>
            </span>
          ) : (
            <Badge>{state}</Badge>
          ),
      },
      { key: "elapsed", title: "Used", unit: "s", value: ({ elapsed_sec }) => elapsed_sec },
      { key: "bought", title: "Bought", unit: "s", value: ({ duration_sec }) => duration_sec },
      {
        key: "price",
        title: "Price",
        unit: "XNM/min",
        decimals: 4,
        value: ({ price_per_sec }) => 60 * price_per_sec,
      },
      { key: "blocks", title: "Blocks", value: ({ blocks_found }) => blocks_found },
      { key: "hashrate", title: "Hash rate", unit: "H/s", value: ({ avg_hashrate }) => avg_hashrate },
      { key: "prefix", title: "Prefix", atFirstHidden: true, value: ({ prefix }) => prefix },
    ],
  );
}
