import { Elysia } from "elysia";
import { RequestError } from "../../../platform/errors";
import { operation } from "../../../platform/http/api/operation";
import { valid } from "../../../platform/http/input";
import { activityQuery, fleetQuery, historyQuery, providerQuery, providerWorkersQuery } from "../schema/requests";
import * as answer from "../schema/statistics";
import { fleet, ownedWorkers } from "../schema/workers";
import type { MarketService } from "../service";
import { type Access, jsonBytes } from "./access";

/** What goes on: statistics, fleet, activity. */
export function monitoringRoutes({ live, answers, monitoring, options }: MarketService, access: Access) {
  const status = (): answer.StatusAnswer => ({
    mqtt_clients: options.bus.clientIds(),
    workers: live.workers.size,
    active_leases: live.activeLeases.size,
    total_blocks: live.totals.blocks,
    self_mined_blocks: live.totals.selfMinedBlocks,
    total_settlements: live.totals.settlements,
  });
  return new Elysia({ tags: ["market: monitoring"] })
    .get(
      "/api/status",
      () => jsonBytes(answers.bytes("status", status)),
      operation({ summary: "Clients, workers, leases, blocks in numbers", answer: answer.status }),
    )
    .get(
      "/api/monitoring/fleet",
      ({ query }) => {
        const { sort, eth_address: ethAddress, page, limit } = valid(fleetQuery, query, "query");
        return monitoring.fleet({ page, limit, ethAddress, sort: sort === "asc" ? "asc" : "desc" });
      },
      operation({ summary: "Workers by hash rate", query: fleetQuery, answer: fleet }),
    )
    .get(
      "/api/monitoring/stats",
      () => monitoring.stats(),
      operation({ summary: "The fleet in numbers", answer: answer.fleetStats }),
    )
    .get(
      "/api/monitoring/hashrate-history",
      ({ query }) => {
        const { worker_id: workerId, hours } = valid(historyQuery, query, "query");
        return monitoring.hashrateHistory({ workerId, hours });
      },
      operation({ summary: "Sampled hash rates, oldest first", query: historyQuery, answer: answer.hashrateHistory }),
    )
    .get(
      "/api/overview/stats",
      () => monitoring.overview(),
      operation({ summary: "The market in numbers", answer: answer.overview }),
    )
    .get(
      "/api/overview/network",
      () => monitoring.network(),
      operation({ summary: "The chain in numbers", answer: answer.network }),
    )
    .get(
      "/api/overview/activity",
      async ({ request, query }) => {
        await access.pass(request, "see leases and blocks");
        return monitoring.activity(valid(activityQuery, query, "query"));
      },
      operation({
        summary: "What happened last, newest first",
        query: activityQuery,
        answer: answer.activity,
        security: access.waysIn("see leases and blocks"),
      }),
    );
}

/** What providers are shown; without `provider_id` it is the caller's wallet. */
export function providerRoutes({ providers, credentials }: MarketService, access: Access) {
  async function providerId(request: Request, given: string | undefined): Promise<string> {
    await access.pass(request, "see earnings");
    if (given !== undefined) return given;
    const who = await credentials.whoIs(request.headers);
    const wallet = "wallet" in who ? who.wallet : undefined;
    if (wallet === undefined) throw new RequestError(400, "provider_id query param or wallet JWT required");
    return wallet;
  }
  return new Elysia({ tags: ["market: providers"] })
    .get(
      "/api/provider/dashboard",
      async ({ request, query }) => {
        const { provider_id } = valid(providerQuery, query, "query");
        return providers.dashboard(await providerId(request, provider_id));
      },
      operation({
        summary: "A provider's workers in numbers",
        query: providerQuery,
        answer: answer.providerDashboard,
        security: access.waysIn("see earnings"),
      }),
    )
    .get(
      "/api/provider/earnings",
      async ({ request, query }) => {
        const { provider_id } = valid(providerQuery, query, "query");
        return providers.earnings(await providerId(request, provider_id));
      },
      operation({
        summary: "A provider's settlements, newest first",
        query: providerQuery,
        answer: answer.providerEarnings,
        security: access.waysIn("see earnings"),
      }),
    )
    .get(
      "/api/provider/workers",
      async ({ request, query }) => {
        const { provider_id, page, limit } = valid(providerWorkersQuery, query, "query");
        return providers.workers(await providerId(request, provider_id), { page, limit });
      },
      operation({
        summary: "A provider's workers",
        query: providerWorkersQuery,
        answer: ownedWorkers,
        security: access.waysIn("see earnings"),
      }),
    );
}
