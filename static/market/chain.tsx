import type { BlockRecord, StatsAnswer } from "../../src/systems/chain/schema";
import { Badge, type Tone } from "../common/badge";
import { Card } from "../common/card";
import { Empty } from "../common/empty";
import { formatNumber } from "../common/format";
import { useRefreshed } from "../common/load";
import { Loading } from "../common/loading";
import { status } from "../common/status";
import { useStore } from "../common/store";
import { Table } from "../common/table";
import { textCodec, useUrlState } from "../common/url-state";
import { Hex } from "./hex";
import { Name } from "./name";
import { leavingOut } from "./narrow";
import { timeColumn } from "./times";

const REFRESH_MS = 5000;
const LISTED = 100;
const TONES: Record<string, Tone> = { super: "good", xuni: "stale" };

/** The chain that verifies blocks: difficulty, kinds of blocks, the last ones. */
export default function ChainTab() {
  const now = useStore(status);
  if (now === null) return <p class="quiet-text loading">Loading the chain</p>;
  if (now.systems.some(({ name }) => name === "chain")) return <ChainNow />;
  return (
    <Empty what="Difficulty and blocks of the chain would be here. It is switched off: blocks count without its word." />
  );
}

function ChainNow() {
  const stats = useRefreshed<StatsAnswer>("/chain/stats", REFRESH_MS);
  const [find, setFind] = useUrlState("find", textCodec());
  const blocks = useRefreshed<readonly BlockRecord[]>(`/chain/blocks?${blocksQuery(find)}`, REFRESH_MS);
  return (
    <>
      <Loading what="the chain" loaded={stats}>
        {(figures) => <ChainCards stats={figures} />}
      </Loading>
      <section class="panel" aria-label="Last blocks">
        <header class="panel-head">
          <h2>{find === "" ? "Last blocks" : "Blocks found"}</h2>
          <input
            type="search"
            class="wide"
            aria-label="Address of a miner, or first digits of a key"
            placeholder="0x address, or first digits of a key"
            value={find}
            maxLength={128}
            onChange={(event) => setFind(event.currentTarget.value.trim())}
          />
        </header>
        <Loading what="the blocks" loaded={blocks}>
          {(rows) => (
            <Table
              name="chain"
              caption="blocks of the chain"
              columns={COLUMNS}
              rows={rows}
              keyOf={({ block_id }) => String(block_id)}
              sort={{ key: "block", direction: "descending" }}
              empty={
                find === ""
                  ? { what: "Blocks that miners submit would be here, the last hundred." }
                  : { what: `No block of ${find}.`, action: { label: "Show the last ones", run: () => setFind("") } }
              }
            />
          )}
        </Loading>
      </section>
    </>
  );
}

function ChainCards({ stats }: { stats: StatsAnswer }) {
  const kinds = [
    [stats.normal_blocks, "normal"],
    [stats.super_blocks, "super"],
    [stats.xuni_blocks, "XUNI"],
  ] as const;
  return (
    <div class="cards figures">
      <Card title="Difficulty" figure={formatNumber(stats.difficulty, 0)} caption="memory of Argon2id, in KiB" />
      <Card
        title="Blocks"
        figure={formatNumber(stats.total_blocks, 0)}
        caption={kinds.map(([count, kind]) => `${formatNumber(count, 0)} ${kind}`).join(", ")}
      />
      <Card title="Miners" figure={formatNumber(stats.unique_miners, 0)} caption="addresses that have found a block" />
    </div>
  );
}

const COLUMNS = leavingOut<BlockRecord>(
  ["worker", "account", "hash", "attempts", "rate"],
  [
    { key: "block", title: "Block", value: ({ block_id }) => block_id },
    timeColumn("time", "Accepted", ({ timestamp }) => timestamp),
    {
      key: "kind",
      title: "Kind",
      value: ({ block_type }) => block_type,
      show: ({ block_type }) => <Badge tone={TONES[block_type] ?? "plain"}>{block_type}</Badge>,
    },
    {
      key: "worker",
      title: "Worker",
      value: ({ worker }) => worker,
      show: ({ worker }) => <Name text={worker} />,
    },
    {
      key: "account",
      title: "Address",
      value: ({ account }) => account,
      show: ({ account }) => <Hex text={account} />,
    },
    { key: "key", title: "Key", value: ({ key }) => key, show: ({ key }) => <Hex text={key} /> },
    {
      key: "hash",
      title: "Hash",
      value: (row) => row.hash_to_verify,
      show: (row) => <Hex text={row.hash_to_verify} />,
    },
    { key: "attempts", title: "Attempts", value: ({ attempts }) => attempts },
    { key: "rate", title: "Hash rate", unit: "H/s", value: ({ hashes_per_second }) => Number(hashes_per_second) },
  ],
);

/** An address begins with 0x; anything else is the beginning of a key. */
function blocksQuery(find: string): URLSearchParams {
  const limit = String(LISTED);
  if (find === "") return new URLSearchParams({ limit });
  return new URLSearchParams(find.startsWith("0x") ? { limit, account: find } : { limit, prefix: find });
}
