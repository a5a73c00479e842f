import { Elysia } from "elysia";
import type { z } from "zod";
import { RequestError } from "../../../platform/errors";
import { operation } from "../../../platform/http/api/operation";
import { valid } from "../../../platform/http/input";
import type { RentRequest } from "../dealings/leases";
import { warningOn } from "../dealings/terms";
import type { Principal } from "../rights";
import { type Nano, nanoOf, xnmOf } from "../rules/money";
import * as answer from "../schema/leases";
import {
  blocksQuery,
  extendBody,
  leasePath,
  leasesQuery,
  orderBody,
  recentQuery,
  rentBody,
  selfMinedQuery,
  stopBody,
} from "../schema/requests";
import type { MarketService } from "../service";
import { listedLease, maxCostOf, type NewLease, startedLease, stoppedLease } from "../views/leaseViews";
import { type Access, bodyOf } from "./access";

/** Renting and stopping, each under the two paths that clients know. */
export function rentRoutes(market: MarketService, access: Access) {
  const { leases, live } = market;
  const app = new Elysia({ tags: ["market: leases"] });
  for (const path of ["/api/rent", "/api/rental/start"]) {
    app.post(
      path,
      async ({ request }) => {
        const who = await access.caller(request, "rent");
        const body = await bodyOf(request, rentBody);
        const lease = await leases.rent(rentRequest(market, body, who), who, access.onceKey(request, who, body));
        return startedLease(lease, warningFor(live, lease));
      },
      operation({
        summary: "Rent a worker",
        body: rentBody,
        answer: answer.startedLease,
        security: access.waysIn("rent"),
      }),
    );
  }
  for (const path of ["/api/stop", "/api/rental/stop"]) {
    app.post(
      path,
      async ({ request }) => {
        const who = await access.caller(request, "stop a lease");
        const body = await bodyOf(request, stopBody);
        return stoppedLease(await leases.stop(body.lease_id, who, access.onceKey(request, who, body)));
      },
      operation({
        summary: "End a lease and settle it",
        body: stopBody,
        answer: answer.stoppedLease,
        security: access.waysIn("stop a lease"),
      }),
    );
  }
  return app;
}

/** Several workers at once, and more time or money for a lease; of our own. */
export function orderRoutes({ leases, live, options: { clock } }: MarketService, access: Access) {
  return new Elysia({ tags: ["market: leases"] })
    .post(
      "/api/orders",
      async ({ request }) => {
        const who = await access.caller(request, "rent");
        const body = await bodyOf(request, orderBody);
        const workerIds = body.worker_ids ?? Array.from({ length: body.workers }, () => null);
        const order = { ...commonRequest(body, who), workerIds };
        const started = await leases.order(order, who, access.onceKey(request, who, body));
        const maxCost = started.reduce((sum, lease) => sum + maxCostOf(lease), 0n);
        return {
          leases: started.map((lease) => startedLease(lease, warningFor(live, lease))),
          max_cost: xnmOf(maxCost),
        };
      },
      operation({
        summary: "Rent several workers, all or none",
        body: orderBody,
        answer: answer.orderedLeases,
        security: access.waysIn("rent"),
      }),
    )
    .post(
      "/api/leases/:id/extend",
      async ({ request, params: { id } }) => {
        const who = await access.caller(request, "extend a lease");
        const body = await bodyOf(request, extendBody);
        const extension = { addedSec: body.duration_sec, budget: nanoOrNone(body.budget) };
        const lease = await leases.extend(id, extension, who, access.onceKey(request, who, body));
        return listedLease(lease, live.activeLeases.get(id), clock.now());
      },
      operation({
        summary: "More time, or more money, for a lease that runs",
        path: leasePath,
        body: extendBody,
        answer: answer.lease,
        security: access.waysIn("extend a lease"),
      }),
    );
}

type RentBody = z.output<typeof rentBody>;

/** What a body asks for; a quote says worker, time and price by itself. */
function rentRequest({ quotes }: MarketService, body: RentBody, who: Principal): RentRequest {
  const request = { ...commonRequest(body, who), workerId: body.worker_id };
  if (body.quote_id === null || body.quote_id === "") return request;
  const { workerId, durationSec, pricePerMin } = quotes.read(body.quote_id);
  if (body.worker_id !== null && body.worker_id !== workerId) {
    throw new RequestError(400, `The quote is for ${workerId}`);
  }
  return { ...request, workerId, durationSec, quotedPrice: pricePerMin };
}

function commonRequest(body: Omit<RentBody, "worker_id" | "quote_id">, who: Principal) {
  return {
    consumerId: body.consumer_id || accountOf(who),
    consumerAddress: body.consumer_address,
    durationSec: body.duration_sec,
    maxPrice: nanoOrNone(body.max_price),
    minHashrate: body.min_hashrate ?? undefined,
    budget: nanoOrNone(body.budget),
  };
}

function nanoOrNone(xnm: number | null): Nano | undefined {
  return xnm === null ? undefined : nanoOf(xnm);
}

function warningFor({ workers }: MarketService["live"], lease: NewLease): string | undefined {
  const worker = workers.get(lease.workerId);
  return worker && warningOn(lease, worker);
}

/** What became of leases. */
export function leaseRoutes({ leaseLists }: MarketService, access: Access) {
  return new Elysia({ tags: ["market: leases"] })
    .get(
      "/api/leases",
      async ({ request, query }) => {
        await access.pass(request, "see leases and blocks");
        return leaseLists.page(valid(leasesQuery, query, "query"));
      },
      operation({
        summary: "Leases, newest first",
        query: leasesQuery,
        answer: answer.leases,
        security: access.waysIn("see leases and blocks"),
      }),
    )
    .get(
      "/api/leases/:id",
      async ({ request, params: { id } }) => {
        await access.pass(request, "see leases and blocks");
        return leaseLists.whole(id);
      },
      operation({
        summary: "A lease with its blocks and its settlement",
        path: leasePath,
        answer: answer.wholeLease,
        security: access.waysIn("see leases and blocks"),
      }),
    );
}

/** What a consumer has rented. */
export function renterRoutes({ leaseLists }: MarketService, access: Access) {
  return new Elysia({ tags: ["market: leases"] })
    .get(
      "/api/renter/stats",
      async ({ request }) => {
        return leaseLists.statsOfConsumer(accountOf(await access.pass(request, "see what one rents")));
      },
      operation({
        summary: "What the caller has rented and paid",
        answer: answer.renterStats,
        security: access.waysIn("see what one rents"),
      }),
    )
    .get(
      "/api/renter/leases",
      async ({ request, query }) => {
        const consumerId = accountOf(await access.pass(request, "see what one rents"));
        return leaseLists.pageOfConsumer(consumerId, valid(leasesQuery, query, "query"));
      },
      operation({
        summary: "The caller's leases, newest first",
        query: leasesQuery,
        answer: answer.leases,
        security: access.waysIn("see what one rents"),
      }),
    );
}

/** Blocks that workers reported. */
export function blockRoutes({ blockLists }: MarketService, access: Access) {
  return new Elysia({ tags: ["market: blocks"] })
    .get(
      "/api/blocks",
      async ({ request, query }) => {
        await access.pass(request, "see leases and blocks");
        const { lease_id: leaseId, limit, offset } = valid(blocksQuery, query, "query");
        return leaseId === undefined ? blockLists.page({ limit, offset }) : blockLists.ofLease(leaseId);
      },
      operation({
        summary: "Blocks, newest first, or all of one lease",
        query: blocksQuery,
        answer: answer.blockPageOrAll,
        security: access.waysIn("see leases and blocks"),
      }),
    )
    .get(
      "/api/blocks/self-mined",
      async ({ request, query }) => {
        await access.pass(request, "see leases and blocks");
        const { worker_id: workerId, limit, offset } = valid(selfMinedQuery, query, "query");
        return blockLists.selfMined({ workerId, limit, offset });
      },
      operation({
        summary: "Blocks that workers mined for themselves, newest first",
        query: selfMinedQuery,
        answer: answer.blockPage,
        security: access.waysIn("see leases and blocks"),
      }),
    )
    .get(
      "/api/monitoring/blocks/recent",
      ({ query }) => blockLists.newest(valid(recentQuery, query, "query").limit),
      operation({ summary: "The last blocks, newest first", query: recentQuery, answer: answer.blocks }),
    );
}

function accountOf(who: Principal): string {
  return who.role === "anonymous" ? "" : who.accountId;
}
