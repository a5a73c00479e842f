import { Elysia } from "elysia";
import { operation } from "../../../platform/http/api/operation";
import { valid } from "../../../platform/http/input";
import { controlBody, listingBody, periodQuery, walletCommandBody, workerPath } from "../schema/requests";
import * as answer from "../schema/statistics";
import type { MarketService } from "../service";
import type { Period } from "../views/wallets";
import { type Access, bodyOf, WALLET } from "./access";

/** Commands of operators. Open mode lets anybody command, as the dashboard does, unless it was told otherwise. */
export function controlRoutes({ control, options }: MarketService, access: Access) {
  const isGuarded = options.mode === "closed" || options.guardControl;
  return new Elysia({ tags: ["market: control"] })
    .post(
      "/api/workers/:id/control",
      async ({ request, params: { id } }) => {
        const who = isGuarded ? await access.caller(request, "command a worker") : undefined;
        const command = await bodyOf(request, controlBody);
        if (who !== undefined) access.demand("command a worker", who, access.owns(who, id));
        await control.command(id, command);
        return { status: "sent", worker_id: id, action: command.action };
      },
      operation({
        summary: "Command a worker",
        path: workerPath,
        body: controlBody,
        answer: answer.commandSent,
        security: isGuarded ? access.waysIn("command a worker") : [],
      }),
    )
    .put(
      "/api/workers/:id/listing",
      async ({ request, params: { id } }) => {
        const who = await access.caller(request, "set a price");
        const { listed } = await bodyOf(request, listingBody);
        access.demand("set a price", who, access.owns(who, id));
        return { worker_id: id, state: await control.list(id, listed) };
      },
      operation({
        summary: "Offer a worker, or take it out of the offers",
        path: workerPath,
        body: listingBody,
        answer: answer.listing,
        security: access.waysIn("set a price"),
      }),
    )
    .post(
      "/api/control/broadcast",
      async ({ request }) => {
        if (isGuarded) await access.pass(request, "command all workers");
        const command = await bodyOf(request, controlBody);
        return { status: "sent", workers: await control.broadcast(command), action: command.action };
      },
      operation({
        summary: "Command every worker",
        body: controlBody,
        answer: answer.broadcastSent,
        security: isGuarded ? access.waysIn("command all workers") : [],
      }),
    );
}

/** What a wallet sees of its workers and says to them. */
export function walletRoutes({ wallets, control, credentials }: MarketService) {
  return new Elysia({ tags: ["market: wallets"] })
    .get(
      "/api/wallet/stats",
      async ({ request }) => wallets.stats((await credentials.walletOf(request.headers)).address),
      operation({ summary: "The wallet's workers in numbers", answer: answer.walletStats, security: [WALLET] }),
    )
    .get(
      "/api/wallet/history",
      async ({ request, query }) => {
        const { address } = await credentials.walletOf(request.headers);
        return wallets.history(address, valid(periodQuery, query, "query").period as Period);
      },
      operation({
        summary: "The wallet's hours, oldest first",
        query: periodQuery,
        answer: answer.walletHistory,
        security: [WALLET],
      }),
    )
    .get(
      "/api/wallet/achievements",
      async ({ request }) => wallets.achievements((await credentials.walletOf(request.headers)).address),
      operation({ summary: "What the wallet has reached", answer: answer.walletAchievements, security: [WALLET] }),
    )
    .get(
      "/api/wallet/share",
      async ({ request }) => wallets.share((await credentials.walletOf(request.headers)).address),
      operation({ summary: "The same, to be shown around", answer: answer.walletShare, security: [WALLET] }),
    )
    .post(
      "/api/wallet/workers/:id/command",
      async ({ request, params: { id } }) => {
        const { address } = await credentials.walletOf(request.headers);
        const { command, params } = await bodyOf(request, walletCommandBody);
        await control.walletCommand(address, id, command, params);
        return { status: "sent", worker_id: id, command };
      },
      operation({
        summary: "Command one of the wallet's workers",
        path: workerPath,
        body: walletCommandBody,
        answer: answer.walletCommandSent,
        security: [WALLET],
      }),
    );
}
