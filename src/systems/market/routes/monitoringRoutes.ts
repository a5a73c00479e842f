import { Elysia } from "elysia";
import { RequestError } from "../../../platform/errors";
import { jsonAnswer } from "../../../platform/http/fields";
import { queryParameters, valid } from "../../../platform/http/input";
import { activityQuery, fleetQuery, historyQuery, providerQuery, providerWorkersQuery } from "../schema/requests";
import * as answer from "../schema/statistics";
import { fleet, ownedWorkers } from "../schema/workers";
import type { MarketService } from "../service";
import { type Access, jsonBytes } from "./access";

/** What goes on: figures, fleet, activity. */
export function monitoringRoutes({ live, answers, monitoring, options }: MarketService, access: Access) {
  const status = () => ({
    mqtt_clients: options.bus.clientIds(),
    workers: live.workers.size,
    active_leases: live.activeLeases.size,
    total_blocks: live.totals.blocks,
    self_mined_blocks: live.totals.selfMinedBlocks,
    total_settlements: live.totals.settlements,
  });
  return new Elysia({ tags: ["market: monitoring"] })
    .get("/api/status", () => jsonBytes(answers.bytes("status", status)), {
      detail: {
        summary: "Clients, workers, leases, blocks in numbers",
        responses: jsonAnswer(answer.status, "The answer"),
      },
    })
    .get(
      "/api/monitoring/fleet",
      ({ query }) => {
        const { sort, eth_address: ethAddress, page, limit } = valid(fleetQuery, query, "query");
        return monitoring.fleet({ page, limit, ethAddress, sort: sort === "asc" ? "asc" : "desc" });
      },
      {
        detail: {
          summary: "Workers by hash rate",
          responses: jsonAnswer(fleet, "The answer"),
          parameters: queryParameters(fleetQuery),
        },
      },
    )
    .get("/api/monitoring/stats", () => monitoring.stats(), {
      detail: { summary: "The fleet in numbers", responses: jsonAnswer(answer.fleetStats, "The answer") },
    })
    .get(
      "/api/monitoring/hashrate-history",
      ({ query }) => {
        const { worker_id: workerId, hours } = valid(historyQuery, query, "query");
        return monitoring.hashrateHistory({ workerId, hours });
      },
      {
        detail: {
          summary: "Sampled hash rates, oldest first",
          responses: jsonAnswer(answer.hashrateHistory, "The answer"),
          parameters: queryParameters(historyQuery),
        },
      },
    )
    .get("/api/overview/stats", () => monitoring.overview(), {
      detail: { summary: "The market in numbers", responses: jsonAnswer(answer.overview, "The answer") },
    })
    .get("/api/overview/network", () => monitoring.network(), {
      detail: { summary: "The chain in numbers", responses: jsonAnswer(answer.network, "The answer") },
    })
    .get(
      "/api/overview/activity",
      async ({ request, query }) => {
        await access.pass(request, "see leases and blocks");
        return monitoring.activity(valid(activityQuery, query, "query"));
      },
      {
        detail: {
          summary: "What happened last, newest first",
          responses: jsonAnswer(answer.activity, "The answer"),
          parameters: queryParameters(activityQuery),
        },
      },
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
  const parameters = queryParameters(providerQuery);
  return new Elysia({ tags: ["market: providers"] })
    .get(
      "/api/provider/dashboard",
      async ({ request, query }) => {
        const { provider_id } = valid(providerQuery, query, "query");
        return providers.dashboard(await providerId(request, provider_id));
      },
      {
        detail: {
          summary: "A provider's workers in numbers",
          responses: jsonAnswer(answer.providerDashboard, "The answer"),
          parameters,
        },
      },
    )
    .get(
      "/api/provider/earnings",
      async ({ request, query }) => {
        const { provider_id } = valid(providerQuery, query, "query");
        return providers.earnings(await providerId(request, provider_id));
      },
      {
        detail: {
          summary: "A provider's settlements, newest first",
          responses: jsonAnswer(answer.providerEarnings, "The answer"),
          parameters,
        },
      },
    )
    .get(
      "/api/provider/workers",
      async ({ request, query }) => {
        const { provider_id, page, limit } = valid(providerWorkersQuery, query, "query");
        return providers.workers(await providerId(request, provider_id), { page, limit });
      },
      {
        detail: {
          summary: "A provider's workers",
          responses: jsonAnswer(ownedWorkers, "The answer"),
          parameters: queryParameters(providerWorkersQuery),
        },
      },
    );
}
