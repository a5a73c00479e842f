import { Elysia } from "elysia";
import { operation } from "../../../platform/http/api/operation";
import { valid } from "../../../platform/http/input";
import type { Principal } from "../rights";
import * as answer from "../schema/leases";
import {
  blocksQuery,
  leasePath,
  leasesQuery,
  recentQuery,
  rentBody,
  selfMinedQuery,
  stopBody,
} from "../schema/requests";
import type { MarketService } from "../service";
import { startedLease, stoppedLease } from "../views/leaseViews";
import { type Access, bodyOf } from "./access";

/** Renting and stopping, each under the two paths that clients know. */
export function rentRoutes({ leases }: MarketService, access: Access) {
  const app = new Elysia({ tags: ["market: leases"] });
  for (const path of ["/api/rent", "/api/rental/start"]) {
    app.post(
      path,
      async ({ request }) => {
        const who = await access.caller(request, "rent");
        const body = await bodyOf(request, rentBody);
        const lease = await leases.rent(
          {
            consumerId: body.consumer_id || accountOf(who),
            consumerAddress: body.consumer_address || addressOf(who),
            durationSec: body.duration_sec,
            workerId: body.worker_id,
          },
          who,
        );
        return startedLease(lease);
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
        const { lease_id } = await bodyOf(request, stopBody);
        return stoppedLease(await leases.stop(lease_id, who));
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

function addressOf(who: Principal): string {
  return who.role === "provider" || who.role === "consumer" ? who.ethAddress : "";
}
