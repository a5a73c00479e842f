import type { LeaseAnswer, SettlementAnswer } from "../../src/systems/market/schema/leases";
import { csvOf } from "../common/csv";
import { copyText, downloadText } from "../common/download";
import { formatDuration, formatNumber } from "../common/format";
import { Facts } from "./facts";
import { WorkerLink } from "./view";

/** A lease that has ended: what was used, what it cost and who got it, to be kept. */
export function Receipt({ lease, settlement }: { lease: LeaseAnswer; settlement: SettlementAnswer }) {
  const lines = receiptLines(lease, settlement);
  const text = lines.map(([what, value]) => `${what}: ${value}`).join("\n");
  const { duration_sec, total_cost } = settlement;
  return (
    <section class="panel" aria-label="Receipt">
      <header class="panel-head">
        <h2>
          Receipt for <WorkerLink id={lease.worker_id} />
        </h2>
        <div class="row">
          <button type="button" class="quiet" onClick={() => copyText(text, "Receipt")}>
            Copy
          </button>
          <button
            type="button"
            class="quiet"
            onClick={() => downloadText(`${lease.lease_id}.csv`, "text/csv", csvOf(...asTable(settlement)))}
          >
            CSV
          </button>
        </div>
      </header>
      <p class="receipt-sum">
        <span class="figure">
          {formatNumber(total_cost, 4)}
          <span class="figure-unit"> XNM</span>
        </span>
        <span class="quiet-text">charged for {formatDuration(duration_sec)}</span>
      </p>
      <Facts lines={lines} />
    </section>
  );
}

function receiptLines(lease: LeaseAnswer, settlement: SettlementAnswer): [what: string, value: string][] {
  const { duration_sec, blocks_found, total_cost, provider_payment, platform_fee } = settlement;
  return [
    ["Lease", lease.lease_id],
    ["Worker", lease.worker_id],
    ["Paid by", lease.consumer_id],
    ["Mined for", lease.consumer_address || "no address"],
    ["Key prefix", lease.prefix],
    ["Time used", `${formatNumber(duration_sec, 2)} s of ${formatNumber(lease.duration_sec, 0)} s`],
    ["Blocks", formatNumber(blocks_found, 0)],
    ["Charged", `${formatNumber(total_cost, 4)} XNM`],
    ["To the provider", `${formatNumber(provider_payment, 4)} XNM`],
    ["To the platform", `${formatNumber(platform_fee, 4)} XNM`],
  ];
}

function asTable(settlement: SettlementAnswer): [header: string[], rows: (string | number)[][]] {
  return [Object.keys(settlement), [Object.values(settlement)]];
}
