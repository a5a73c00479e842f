import { Elysia } from "elysia";
import { RequestError } from "../../../platform/errors";
import { jsonAnswer } from "../../../platform/http/fields";
import { jsonBody, queryParameters, valid } from "../../../platform/http/input";
import type { Principal } from "../rights";
import { shownXnm } from "../rules/money";
import * as answer from "../schema/leases";
import { blocksQuery, leasesQuery, recentQuery, rentBody, selfMinedQuery, stopBody } from "../schema/requests";
import type { MarketService } from "../service";
import { blocksOfLease, newestBlocks, pageOfSelfMined } from "../store/blocks";
import { countMatchingLeases, findLease, findSettlement, pageOfLeases } from "../store/leases";
import { chargedTo, countLeasesOf } from "../store/totals";
import type { LeaseRow } from "../tables";
import { blockRecord, listedLease, settlementRecord, startedLease, stoppedLease } from "../views/leaseViews";
import { offsetPage } from "../views/pages";
import { type Access, bodyOf } from "./access";

/** The most blocks of one lease that are told at once. */
const LEASE_BLOCKS_LIMIT = 10_000;

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
export function leaseRoutes({ live, options: { database, clock } }: MarketService, access: Access) {
  const listed = (lease: LeaseRow) => listedLease(lease, live.activeLeases.get(lease.leaseId), clock.now());
  return new Elysia({ tags: ["market: leases"] })
    .get(
      "/api/leases",
      async ({ request, query }) => {
        await access.pass(request, "see leases and blocks");
        const wanted = valid(leasesQuery, query, "query");
        return database.read((db) => {
          const total = wanted.state === undefined ? live.totals.leases : countMatchingLeases(db, wanted);
          return offsetPage(pageOfLeases(db, wanted).map(listed), total, wanted);
        });
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
        return database.read((db) => {
          const lease = findLease(db, id);
          if (lease === undefined) throw new RequestError(404, "Lease not found");
          const blocks = blocksOfLease(db, id, LEASE_BLOCKS_LIMIT).map(blockRecord);
          const settlement = findSettlement(db, id);
          return {
            ...listed(lease),
            ...(blocks.length > 0 && { blocks }),
            ...(settlement !== undefined && { settlement: settlementRecord(settlement) }),
          };
        });
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
export function renterRoutes(market: MarketService, access: Access) {
  const { database, clock } = market.options;
  return new Elysia({ tags: ["market: leases"] })
    .get(
      "/api/renter/stats",
      async ({ request }) => {
        const consumerId = accountOf(await access.pass(request, "see what one rents"));
        return database.read((db) => {
          const { active, completed, total } = countLeasesOf(db, consumerId);
          const spent = chargedTo(db, consumerId);
          return {
            active_leases: active,
            completed_leases: completed,
            total_leases: total,
            total_spent: shownXnm(spent),
            avg_cost: completed === 0 ? 0 : shownXnm(spent / BigInt(completed)),
          };
        });
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
        const wanted = valid(leasesQuery, query, "query");
        return database.read((db) => {
          const listed = pageOfLeases(db, { ...wanted, consumerId }).map((lease) =>
            listedLease(lease, market.live.activeLeases.get(lease.leaseId), clock.now()),
          );
          return offsetPage(listed, countMatchingLeases(db, { ...wanted, consumerId }), wanted);
        });
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
export function blockRoutes({ live, options: { database } }: MarketService, access: Access) {
  return new Elysia({ tags: ["market: blocks"] })
    .get(
      "/api/blocks",
      async ({ request, query }) => {
        await access.pass(request, "see leases and blocks");
        const { lease_id: leaseId, limit, offset } = valid(blocksQuery, query, "query");
        return database.read((db) => {
          if (leaseId !== undefined) return blocksOfLease(db, leaseId, LEASE_BLOCKS_LIMIT).map(blockRecord);
          const items = newestBlocks(db, limit, offset).map(blockRecord);
          return offsetPage(items, live.totals.blocks, { limit, offset });
        });
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
        const { rows, total } = database.read((db) => pageOfSelfMined(db, { workerId, limit, offset }));
        return offsetPage(rows.map(blockRecord), total, { limit, offset });
      },
      {
        detail: {
          summary: "Blocks that workers mined for themselves, newest first",
          responses: jsonAnswer(answer.blockPage, "The answer"),
          parameters: queryParameters(selfMinedQuery),
        },
      },
    )
    .get(
      "/api/monitoring/blocks/recent",
      ({ query }) => {
        const { limit } = valid(recentQuery, query, "query");
        return database.read((db) => newestBlocks(db, limit, 0)).map(blockRecord);
      },
      {
        detail: {
          summary: "The last blocks, newest first",
          responses: jsonAnswer(answer.blocks, "The answer"),
          parameters: queryParameters(recentQuery),
        },
      },
    );
}

function accountOf(who: Principal): string {
  return who.role === "anonymous" ? "" : who.accountId;
}

function addressOf(who: Principal): string {
  return who.role === "provider" || who.role === "consumer" ? who.ethAddress : "";
}
