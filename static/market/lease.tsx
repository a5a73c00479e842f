import { useEffect, useState } from "preact/hooks";
import type { LeaseAnswer, WholeLease } from "../../src/systems/market/schema/leases";
import type { ListedWorker } from "../../src/systems/market/schema/workers";
import { Badge } from "../common/badge";
import { Card } from "../common/card";
import { Fault } from "../common/fault";
import { formatDuration, formatNumber } from "../common/format";
import { type Resource, useRefreshed } from "../common/load";
import { Loading } from "../common/loading";
import { useStore } from "../common/store";
import { Timeline, type TimelineStep } from "../common/timeline";
import { BlocksTable } from "./blocks";
import { Facts } from "./facts";
import { fleet, serverNowS } from "./fleet";
import { useSecond } from "./freshness";
import { Receipt } from "./receipt";
import { useStop } from "./stop";
import { isoOf } from "./times";
import { PlaceLink, WorkerLink } from "./view";
import { isOnline } from "./worker-words";

const REFRESH_MS = 5000;

/** One lease: while it runs its seconds, cost and blocks as they come; afterwards its receipt. */
export function LeaseView({ id }: { id: string }) {
  const lease = useRefreshed<WholeLease>(`/api/leases/${encodeURIComponent(id)}`, REFRESH_MS, (now) => !isRunning(now));
  useReloadOnBlock(id, lease.reload);
  return (
    <>
      <PlaceLink to={{ tab: "leases" }} class="back">
        All leases
      </PlaceLink>
      <Loading what="the lease" loaded={lease}>
        {(now) => <LeaseNow lease={now} reload={lease.reload} />}
      </Loading>
    </>
  );
}

/** A block of this lease is shown as soon as the feed tells of it. */
function useReloadOnBlock(leaseId: string, reload: Resource<unknown>["reload"]): void {
  const { blocks } = useStore(fleet);
  const newest = blocks.find(({ lease_id }) => lease_id === leaseId);
  const [seen, setSeen] = useState(newest);
  useEffect(() => {
    if (newest === seen) return;
    setSeen(newest);
    reload();
  }, [newest]);
}

function LeaseNow({ lease, reload }: { lease: WholeLease; reload: () => void }) {
  const { settlement, blocks = [] } = lease;
  const running = isRunning(lease);
  return (
    <>
      {running && <RunningLease lease={lease} reload={reload} />}
      {!running && (
        <div class="columns">
          {settlement !== undefined && <Receipt lease={lease} settlement={settlement} />}
          <section class="panel" aria-label="What happened">
            <h2>What happened</h2>
            <Timeline steps={stepsOf(lease)} />
          </section>
        </div>
      )}
      <section class="panel" aria-label="Blocks of this lease">
        <h2>Blocks</h2>
        <BlocksTable
          name="lease-blocks"
          blocks={blocks}
          without={["worker", "lease"]}
          empty={running ? "Blocks appear here as the worker finds them." : "No block was found."}
        />
      </section>
    </>
  );
}

function isRunning({ state }: LeaseAnswer): boolean {
  return state === "active";
}

function RunningLease({ lease, reload }: { lease: WholeLease; reload: () => void }) {
  const stop = useStop(reload);
  const worker = useWorker(lease.worker_id);
  const isAway = worker !== undefined && !isOnline(worker, serverNowS());
  return (
    <>
      {stop.fault !== undefined && <Fault report={stop.fault} />}
      <section class="panel" aria-label="Lease">
        <header class="panel-head lease-head">
          <div class="row">
            <h2>
              Lease of <WorkerLink id={lease.worker_id} />
            </h2>
            <Badge tone="good">running</Badge>
            {isAway && <Badge tone="stale">its worker is away</Badge>}
          </div>
          <button type="button" disabled={stop.running} onClick={() => stop.run(lease.lease_id)}>
            {stop.running ? "Stopping" : "Stop and settle"}
          </button>
        </header>
        <RunningFigures lease={lease} />
        <Facts
          lines={[
            ["Lease", lease.lease_id],
            ["Paid by", lease.consumer_id],
            ["Mined for", lease.consumer_address || "no address"],
            ["Key prefix", lease.prefix],
          ]}
        />
      </section>
    </>
  );
}

function useWorker(workerId: string): ListedWorker | undefined {
  return useStore(fleet).workers?.find(({ worker_id }) => worker_id === workerId);
}

/** Figures that run on between the answers of the server. */
function RunningFigures({ lease }: { lease: WholeLease }) {
  const elapsedS = useElapsed(lease);
  const worker = useWorker(lease.worker_id);
  const { price_per_sec: perSec } = lease;
  const leftS = lease.duration_sec - elapsedS;
  return (
    <>
      <div class="cards">
        <Card
          title="Time"
          figure={`${formatNumber(elapsedS, 0)} s`}
          caption={leftS > 0 ? `${formatDuration(leftS)} left of ${formatDuration(lease.duration_sec)}` : "Ending"}
        />
        <Card
          title="Cost so far"
          figure={`${formatNumber(elapsedS * perSec, 4)} XNM`}
          caption={`${formatNumber(perSec * 60, 4)} XNM/min, at most ${formatNumber(lease.duration_sec * perSec, 4)} XNM`}
        />
        <Card title="Blocks" figure={formatNumber(lease.blocks_found, 0)} caption="with the prefix and on the chain" />
        <Card
          title="Hash rate"
          figure={`${formatNumber(worker?.hashrate ?? lease.avg_hashrate, 0)} H/s`}
          caption={lease.avg_hashrate === 0 ? "no heartbeat in this lease yet" : averageWords(lease)}
        />
      </div>
      <progress value={elapsedS} max={lease.duration_sec} aria-label="Time used" />
    </>
  );
}

function averageWords({ avg_hashrate }: LeaseAnswer): string {
  return `${formatNumber(avg_hashrate, 0)} H/s on average in this lease`;
}

/** Seconds of a lease by now: what the server said, and on from there. */
function useElapsed(lease: LeaseAnswer): number {
  const nowMs = useSecond();
  const [told, setTold] = useState({ lease, atMs: Date.now() });
  if (told.lease !== lease) setTold({ lease, atMs: Date.now() });
  const sinceS = Math.max(0, nowMs - told.atMs) / 1000;
  return Math.min(lease.duration_sec, lease.elapsed_sec + sinceS);
}

function stepsOf({ created_at, ended_at, duration_sec, elapsed_sec, blocks = [] }: WholeLease): TimelineStep[] {
  const steps: TimelineStep[] = [
    { time: isoOf(created_at), title: "Rented", note: `for ${formatDuration(duration_sec)}` },
  ];
  const first = blocks[0];
  if (first !== undefined) steps.push({ time: isoOf(first.timestamp), title: "First block" });
  const last = blocks.at(-1);
  if (last !== undefined && last !== first) {
    steps.push({ time: isoOf(last.timestamp), title: "Last block", note: `${blocks.length} in all` });
  }
  if (ended_at !== null) {
    const early = elapsed_sec < duration_sec;
    const title = early ? "Stopped and settled" : "Ran out and settled";
    steps.push({ time: isoOf(ended_at), title, note: `after ${formatDuration(elapsed_sec)}` });
  }
  return steps;
}
