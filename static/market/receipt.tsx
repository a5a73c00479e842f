import type { SettlementAnswer, WholeLease } from "../../src/systems/market/schema/leases";
import { csvOf } from "../common/csv";
import { copyText, downloadText } from "../common/download";
import { formatDuration, formatNumber } from "../common/format";
import { Facts } from "./facts";
import { WorkerLink } from "./view";

/** A lease that has ended: what was used, what it cost and who got it, to be kept. */
export function Receipt({ lease, settlement }: { lease: WholeLease; settlement: SettlementAnswer }) {
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

function receiptLines(lease: WholeLease, settlement: SettlementAnswer): [what: string, value: string][] {
  const { duration_sec, blocks_found, total_cost, provider_payment, platform_fee } = settlement;
  return [
    ["Lease", lease.lease_id],
    ["Worker", lease.worker_id],
    ["Paid by", lease.consumer_id],
    ["Mined for", lease.consumer_address || "no address"],
    ["Key prefix", lease.prefix],
    ["Ended", ENDS[lease.reason ?? ""] ?? "by an earlier version"],
    ["Time billed", `${formatNumber(duration_sec, 2)} s of ${formatNumber(lease.duration_sec, 0)} s`],
    ...unbilledLines(lease),
    ["Blocks", formatNumber(blocks_found, 0)],
    ["Charged", `${formatNumber(total_cost, 4)} XNM`],
    ["To the provider", `${formatNumber(provider_payment, 4)} XNM`],
    ["To the platform", `${formatNumber(platform_fee, 4)} XNM`],
  ];
}

/** Why a lease ended. */
const ENDS: Readonly<Record<string, string>> = {
  stopped: "stopped by hand",
  expired: "time over",
  funds: "budget used",
  failed: "the worker did not begin; nothing is charged",
};

/** Why the worker did not work. */
const PAUSES: Readonly<Record<string, string>> = {
  starting: "not begun",
  offline: "offline",
  silent: "no sign of life",
  error: "in error",
  idle: "idle",
};

/** The time that is not billed, by reason; nothing where all is. */
function unbilledLines({ spans }: WholeLease): [what: string, value: string][] {
  const seconds = new Map<string, number>();
  for (const { from, to, reason } of spans) {
    if (reason !== null) seconds.set(reason, (seconds.get(reason) ?? 0) + to - from);
  }
  const words = [...seconds].map(([reason, sum]) => `${formatNumber(sum, 1)} s ${PAUSES[reason] ?? reason}`);
  return words.length === 0 ? [] : [["Not billed", words.join(", ")]];
}

function asTable(settlement: SettlementAnswer): [header: string[], rows: (string | number)[][]] {
  return [Object.keys(settlement), [Object.values(settlement)]];
}
