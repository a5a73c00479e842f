import { Elysia } from "elysia";
import { jsonAnswer } from "../../../platform/http/fields";
import { jsonBody, queryParameters, valid } from "../../../platform/http/input";
import type { Principal } from "../rights";
import * as answer from "../schema/leases";
import { blocksQuery, leasesQuery, recentQuery, rentBody, selfMinedQuery, stopBody } from "../schema/requests";
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
      {
        detail: {
          summary: "Rent a worker",
          responses: jsonAnswer(answer.startedLease, "The answer"),
          requestBody: jsonBody(rentBody),
        },
      },
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
      {
        detail: {
          summary: "End a lease and settle it",
          responses: jsonAnswer(answer.stoppedLease, "The answer"),
          requestBody: jsonBody(stopBody),
        },
      },
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
      {
        detail: {
          summary: "Leases, newest first",
          responses: jsonAnswer(answer.leases, "The answer"),
          parameters: queryParameters(leasesQuery),
        },
      },
    )
    .get(
      "/api/leases/:id",
      async ({ request, params: { id } }) => {
        await access.pass(request, "see leases and blocks");
        return leaseLists.whole(id);
      },
      {
        detail: {
          summary: "A lease with its blocks and its settlement",
          responses: jsonAnswer(answer.wholeLease, "The answer"),
        },
      },
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
      {
        detail: {
          summary: "What the caller has rented and paid",
          responses: jsonAnswer(answer.renterStats, "The answer"),
        },
      },
    )
    .get(
      "/api/renter/leases",
      async ({ request, query }) => {
        const consumerId = accountOf(await access.pass(request, "see what one rents"));
        return leaseLists.pageOfConsumer(consumerId, valid(leasesQuery, query, "query"));
      },
      {
        detail: {
          summary: "The caller's leases, newest first",
          responses: jsonAnswer(answer.leases, "The answer"),
          parameters: queryParameters(leasesQuery),
        },
      },
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
      {
        detail: {
          summary: "Blocks, newest first, or all of one lease",
          responses: jsonAnswer(answer.blockPageOrAll, "The answer"),
          parameters: queryParameters(blocksQuery),
        },
      },
    )
    .get(
      "/api/blocks/self-mined",
      async ({ request, query }) => {
        await access.pass(request, "see leases and blocks");
        const { worker_id: workerId, limit, offset } = valid(selfMinedQuery, query, "query");
        return blockLists.selfMined({ workerId, limit, offset });
      },
      {
        detail: {
          summary: "Blocks that workers mined for themselves, newest first",
          responses: jsonAnswer(answer.blockPage, "The answer"),
          parameters: queryParameters(selfMinedQuery),
        },
      },
    )
    .get("/api/monitoring/blocks/recent", ({ query }) => blockLists.newest(valid(recentQuery, query, "query").limit), {
      detail: {
        summary: "The last blocks, newest first",
        responses: jsonAnswer(answer.blocks, "The answer"),
        parameters: queryParameters(recentQuery),
      },
    });
}

function accountOf(who: Principal): string {
  return who.role === "anonymous" ? "" : who.accountId;
}

function addressOf(who: Principal): string {
  return who.role === "provider" || who.role === "consumer" ? who.ethAddress : "";
}
