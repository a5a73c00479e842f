import type { WorkContext } from "../../../platform/compute/work";
import { type Random, seededRandom } from "../../../platform/random";
import { jsonBytes, tellProgress } from "../../../platform/simulations";
import { billOf } from "../rules/billing";
import { matchWorker } from "../rules/matching";
import { MAX_BALANCE, type Nano, nanoOf, xnmOf } from "../rules/money";
import { offers } from "../rules/offers";
import type { Worker } from "../rules/worker";
import { type Order, ordersOf, workersOf } from "./flow";
import type { ReplayRequest } from "./handler";

interface Lease {
  worker: Worker;
  createdAtMs: number;
  durationSec: number;
  pricePerMin: Nano;
  endsAtMs: number;
}

const PATH_POINTS = 200;

/** What came of a replay so far. */
class Replay {
  readonly workers: Map<string, Worker>;
  readonly #running = new Set<Lease>();
  readonly #payouts = new Map<string, Nano>();
  readonly refusals = new Map<string, number>();
  readonly prices: { atMs: number; price: number; utilisation: number }[] = [];
  filled = 0;
  volume: Nano = 0n;
  fees: Nano = 0n;

  constructor(workers: Map<string, Worker>) {
    this.workers = workers;
  }

  /** Ends what has ended by now, each at its own time. */
  settle(nowMs: number): void {
    for (const lease of this.#running) {
      if (lease.endsAtMs > nowMs) continue;
      this.#running.delete(lease);
      const bill = billOf(lease.pricePerMin, lease.endsAtMs - lease.createdAtMs, MAX_BALANCE);
      const { worker } = lease;
      worker.state = "AVAILABLE";
      worker.activeLeaseId = null;
      worker.completedLeases += 1;
      this.volume += bill.total;
      this.fees += bill.fee;
      this.#payouts.set(worker.workerId, (this.#payouts.get(worker.workerId) ?? 0n) + bill.payout);
    }
  }

  /** The cheapest worker that an order can have, by the market's own rules; why there is none, else. */
  place(order: Order, runsMs: number): void {
    const { atMs, maxPricePerMin, durationSec } = order;
    const query = { sortBy: "price", availableOnly: true, maxPrice: maxPricePerMin && nanoOf(maxPricePerMin) };
    const offered = offers(this.workers.values(), { ...query, maxPrice: query.maxPrice || undefined }, atMs);
    const affordable = new Map(offered.map((worker) => [worker.workerId, worker]));
    const match = matchWorker(affordable, { workerId: order.workerId, durationSec }, () => false, atMs);
    if (match === undefined || !("worker" in match)) {
      const anyFree = offers(this.workers.values(), { sortBy: "price", availableOnly: true }, atMs).length > 0;
      this.#refuse(match !== undefined ? "duration above maximum" : anyFree ? "price above limit" : "no free worker");
      return;
    }
    const { worker } = match;
    if (durationSec < worker.minDurationSec) {
      this.#refuse("duration below minimum");
      return;
    }
    worker.state = "LEASED";
    worker.activeLeaseId = `lease-${this.filled}`;
    worker.totalLeases += 1;
    this.filled += 1;
    const { pricePerMin } = worker;
    this.#running.add({ worker, createdAtMs: atMs, durationSec, pricePerMin, endsAtMs: atMs + runsMs });
    this.prices.push({ atMs, price: xnmOf(pricePerMin), utilisation: this.#running.size / this.workers.size });
  }

  payouts(): { worker_id: string; leases: number; payout: number; price_per_min: number }[] {
    return [...this.workers.values()].map((worker) => ({
      worker_id: worker.workerId,
      leases: worker.totalLeases,
      payout: xnmOf(this.#payouts.get(worker.workerId) ?? 0n),
      price_per_min: xnmOf(worker.pricePerMin),
    }));
  }

  #refuse(reason: string): void {
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
  }
}

/** Runs in a thread: an order flow through the market's rules. Equal requests give equal output. */
export function runReplay(request: ReplayRequest, context: WorkContext): Uint8Array {
  const startedAt = performance.now();
  const random = seededRandom(request.seed);
  const replay = new Replay(workersOf(request, random));
  const orders = ordersOf(request, random);
  for (const [i, order] of orders.entries()) {
    replay.settle(order.atMs);
    replay.place(order, leaseMs(order, request, random));
    if (i % 100 === 0) tellProgress(context, i / orders.length);
  }
  replay.settle(Number.POSITIVE_INFINITY);
  return jsonBytes(answerOf(request, orders.length, replay, (performance.now() - startedAt) / 1000));
}

/** How long a lease runs: its whole time, or a share of it where the consumer stops early. */
function leaseMs({ durationSec }: Order, { early_end_share }: ReplayRequest, random: Random): number {
  const [chance, share] = [random.next(), random.next()];
  return Math.ceil(durationSec * 1000 * (chance < early_end_share ? share : 1));
}

function answerOf(request: ReplayRequest, orders: number, replay: Replay, seconds: number) {
  const path = thinned(replay.prices);
  return {
    input_parameters: request,
    orders,
    filled: replay.filled,
    fill_rate: replay.filled / orders,
    refusals: Object.fromEntries(replay.refusals),
    volume_xnm: xnmOf(replay.volume),
    fees_xnm: xnmOf(replay.fees),
    path: {
      time: path.map(({ atMs }) => atMs / 3_600_000),
      price: path.map(({ price }) => price),
      utilisation: path.map(({ utilisation }) => utilisation),
    },
    payouts: replay.payouts(),
    statistics: { seed: request.seed },
    metrics: { processing_time_seconds: seconds },
  };
}

function thinned<T>(points: readonly T[]): T[] {
  const step = Math.max(1, Math.ceil(points.length / PATH_POINTS));
  return points.filter((_, i) => i % step === 0);
}
