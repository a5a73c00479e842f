import { Elysia } from "elysia";
import { jsonAnswer } from "../../../platform/http/fields";
import { jsonBody, queryParameters, valid } from "../../../platform/http/input";
import { controlBody, periodQuery, walletCommandBody } from "../schema/requests";
import * as answer from "../schema/statistics";
import type { MarketService } from "../service";
import type { Period } from "../views/wallets";
import { type Access, bodyOf, isAccount } from "./access";

/** Commands of operators. Open mode lets anybody command, as the dashboard does, unless it was told otherwise. */
export function controlRoutes({ control, options }: MarketService, access: Access) {
  const isGuarded = options.mode === "closed" || options.guardControl;
  return new Elysia({ tags: ["market: control"] })
    .post(
      "/api/workers/:id/control",
      async ({ request, params: { id } }) => {
        const who = isGuarded ? await access.caller(request, "command a worker") : undefined;
        const command = await bodyOf(request, controlBody);
        if (who !== undefined) access.demand("command a worker", who, isAccount(who, id));
        await control.command(id, command);
        return { status: "sent", worker_id: id, action: command.action };
      },
      {
        detail: {
          summary: "Command a worker",
          responses: jsonAnswer(answer.commandSent, "The answer"),
          requestBody: jsonBody(controlBody),
        },
      },
    )
    .post(
      "/api/control/broadcast",
      async ({ request }) => {
        if (isGuarded) await access.pass(request, "command all workers");
        const command = await bodyOf(request, controlBody);
        return { status: "sent", workers: await control.broadcast(command), action: command.action };
      },
      {
        detail: {
          summary: "Command every worker",
          responses: jsonAnswer(answer.broadcastSent, "The answer"),
          requestBody: jsonBody(controlBody),
        },
      },
    );
}

/** What a wallet sees of its workers and says to them. */
export function walletRoutes({ wallets, control, credentials }: MarketService) {
  return new Elysia({ tags: ["market: wallets"] })
    .get(
      "/api/wallet/stats",
      async ({ request }) => wallets.stats((await credentials.walletOf(request.headers)).address),
      {
        detail: { summary: "The wallet's workers in numbers", responses: jsonAnswer(answer.walletStats, "The answer") },
      },
    )
    .get(
      "/api/wallet/history",
      async ({ request, query }) => {
        const { address } = await credentials.walletOf(request.headers);
        return wallets.history(address, valid(periodQuery, query, "query").period as Period);
      },
      {
        detail: {
          summary: "The wallet's hours, oldest first",
          responses: jsonAnswer(answer.walletHistory, "The answer"),
          parameters: queryParameters(periodQuery),
        },
      },
    )
    .get(
      "/api/wallet/achievements",
      async ({ request }) => wallets.achievements((await credentials.walletOf(request.headers)).address),
      {
        detail: {
          summary: "What the wallet has reached",
          responses: jsonAnswer(answer.walletAchievements, "The answer"),
        },
      },
    )
    .get(
      "/api/wallet/share",
      async ({ request }) => wallets.share((await credentials.walletOf(request.headers)).address),
      {
        detail: { summary: "The same, to be shown around", responses: jsonAnswer(answer.walletShare, "The answer") },
      },
    )
    .post(
      "/api/wallet/workers/:id/command",
      async ({ request, params: { id } }) => {
        const { address } = await credentials.walletOf(request.headers);
        const { command, params } = await bodyOf(request, walletCommandBody);
        await control.walletCommand(address, id, command, params);
        return { status: "sent", worker_id: id, command };
      },
      {
        detail: {
          summary: "Command one of the wallet's workers",
          responses: jsonAnswer(answer.walletCommandSent, "The answer"),
          requestBody: jsonBody(walletCommandBody),
        },
      },
    );
}
