import type { BlockAnswer } from "../../src/systems/market/schema/leases";
import { Badge } from "../common/badge";
import { Table } from "../common/table";
import { Hex } from "./hex";
import { leavingOut } from "./narrow";
import { timeColumn } from "./times";
import { PlaceLink, WorkerLink } from "./view";

const COLUMNS = leavingOut<BlockAnswer>(
  ["worker", "lease", "hash", "attempts", "hashrate", "prefix"],
  [
    timeColumn("time", "Reported", ({ timestamp }) => timestamp),
    {
      key: "worker",
      title: "Worker",
      value: ({ worker_id }) => worker_id,
      show: ({ worker_id }) => <WorkerLink id={worker_id} />,
    },
    {
      key: "lease",
      title: "Lease",
      value: ({ lease_id }) => lease_id,
      show: ({ lease_id }) =>
        lease_id === "" ? (
          <span class="quiet-text">its own</span>
        ) : (
          <PlaceLink to={{ lease: lease_id }}>
            <Hex text={lease_id.replace("lease-", "")} />
          </PlaceLink>
        ),
    },
    { key: "key", title: "Key", value: ({ key }) => key, show: ({ key }) => <Hex text={key} /> },
    { key: "hash", title: "Hash", value: ({ hash }) => hash, show: ({ hash }) => <Hex text={hash} /> },
    { key: "attempts", title: "Attempts", value: ({ attempts }) => attempts },
    { key: "hashrate", title: "Hash rate", unit: "H/s", value: ({ hashrate }) => Number(hashrate) },
    {
      key: "prefix",
      title: "Prefix",
      value: ({ prefix_valid }) => (prefix_valid ? "right" : "wrong"),
      show: ({ prefix_valid }) => <Verdict good={prefix_valid} words={["right", "wrong"]} />,
    },
    {
      key: "chain",
      title: "Chain",
      value: ({ chain_verified }) => (chain_verified ? "verified" : "not found"),
      show: ({ chain_verified }) => <Verdict good={chain_verified} words={["verified", "not found"]} />,
    },
  ],
);

function Verdict({ good, words: [yes, no] }: { good: boolean; words: [string, string] }) {
  return <Badge tone={good ? "good" : "fault"}>{good ? yes : no}</Badge>;
}

/** Blocks that workers reported, newest first, with what became of them. `without` are columns that say nothing here. */
export function BlocksTable(props: {
  name: string;
  blocks: readonly BlockAnswer[];
  empty: string;
  without?: readonly string[];
}) {
  const { name, blocks, empty, without = [] } = props;
  return (
    <Table
      name={name}
      caption="blocks"
      columns={COLUMNS.filter(({ key }) => !without.includes(key))}
      rows={blocks}
      keyOf={({ key, lease_id, timestamp }) => `${lease_id} ${key} ${timestamp}`}
      sort={{ key: "time", direction: "descending" }}
      empty={{ what: empty }}
    />
  );
}
