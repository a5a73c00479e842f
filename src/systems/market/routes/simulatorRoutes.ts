import { Elysia } from "elysia";
import { commandName } from "../../../platform/commandName";
import { RequestError } from "../../../platform/errors";
import { operation } from "../../../platform/http/api/operation";
import { isFromElsewhere, isFromThisMachine } from "../../../platform/http/strangers";
import { NO_SIMULATOR } from "../miner/simulator";
import { MAX_SIMULATED, simulatorBody } from "../schema/requests";
import { simulatorState } from "../schema/simulator";
import type { MarketService } from "../service";
import { type Access, bodyOf } from "./access";

const NOT_FROM_HERE = "Workers are simulated for callers on the market's own machine alone, through no proxy.";
const NOT_THIS_PAGE = "Pages of another origin must not simulate workers.";

interface RouteContext {
  request: Request;
  server: Parameters<typeof isFromThisMachine>[1];
}

/** Simulated workers, started and stopped by whoever sits at the market's machine (docs/market.md, The simulator). */
export function simulatorRoutes({ simulator }: MarketService, access: Access) {
  /** Why this caller gets no simulated workers, in a sentence; null where the caller may start some. */
  function obstacle({ request, server }: RouteContext): string | null {
    if (!simulator.exists) return NO_SIMULATOR;
    if (isFromElsewhere(request)) return NOT_THIS_PAGE;
    return isFromThisMachine(request, server) ? null : NOT_FROM_HERE;
  }

  async function admit(asked: RouteContext): Promise<void> {
    await access.pass(asked.request, "simulate workers");
    const sentence = obstacle(asked);
    if (sentence !== null) throw new RequestError(simulator.exists ? 403 : 404, sentence);
  }

  function state(asked: RouteContext) {
    const sentence = obstacle(asked);
    return {
      available: sentence === null,
      obstacle: sentence,
      workers: simulator.workers(),
      most_workers: MAX_SIMULATED,
      program: commandName(),
    };
  }

  return new Elysia({ tags: ["market: control"] })
    .get(
      "/api/simulator",
      ({ request, server }) => state({ request, server }),
      operation({ summary: "Whether workers can be simulated here, and how many are", answer: simulatorState }),
    )
    .post(
      "/api/simulator/start",
      // The whole context must not be passed on: Elysia would then read the body itself.
      async ({ request, server }) => {
        await admit({ request, server });
        await simulator.start((await bodyOf(request, simulatorBody)).workers);
        return state({ request, server });
      },
      operation({
        summary: "Connect simulated workers, which need no GPU; open mode, callers on this machine",
        body: simulatorBody,
        answer: simulatorState,
        security: access.waysIn("simulate workers"),
      }),
    )
    .post(
      "/api/simulator/stop",
      async ({ request, server }) => {
        await admit({ request, server });
        await simulator.stop();
        return state({ request, server });
      },
      operation({
        summary: "Let the simulated workers say goodbye",
        answer: simulatorState,
        security: access.waysIn("simulate workers"),
      }),
    );
}
