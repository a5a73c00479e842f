import type { SettlementAnswer } from "../../src/systems/market/schema/leases";
import { Table } from "../common/table";
import { leavingOut } from "./narrow";
import { partyColumns } from "./party-columns";

const COLUMNS = leavingOut<SettlementAnswer>(
  ["worker", "consumer", "used", "blocks", "fee"],
  [
    ...partyColumns<SettlementAnswer>(),
    { key: "used", title: "Used", unit: "s", decimals: 2, value: ({ duration_sec }) => duration_sec },
    { key: "blocks", title: "Blocks", value: ({ blocks_found }) => blocks_found },
    { key: "cost", title: "Charged", unit: "XNM", decimals: 4, value: ({ total_cost }) => total_cost },
    { key: "payout", title: "To the provider", unit: "XNM", decimals: 4, value: (row) => row.provider_payment },
    { key: "fee", title: "To the platform", unit: "XNM", decimals: 4, value: ({ platform_fee }) => platform_fee },
  ],
);

/** What was charged for leases and who got it, newest first. */
export function SettlementTable(props: { settlements: readonly SettlementAnswer[]; empty: string; without?: string }) {
  return (
    <Table
      name="settlements"
      caption="settlements"
      columns={COLUMNS.filter(({ key }) => key !== props.without)}
      rows={props.settlements}
      keyOf={({ lease_id }) => lease_id}
      empty={{ what: props.empty }}
    />
  );
}
