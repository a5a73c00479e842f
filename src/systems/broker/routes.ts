import { Elysia } from "elysia";
import { type Broker, type ClientInfo, websocketHandlers } from "../../mqtt";
import { RequestError } from "../../platform/errors";
import { detailShape, routesWithErrors } from "../../platform/http/errorShape";
import { jsonAnswer } from "../../platform/http/fields";
import { queryParameters, valid } from "../../platform/http/input";
import { requestIdOf } from "../../platform/http/requestId";
import { isFromElsewhere, refuseStrangers } from "../../platform/http/strangers";
import { valueStream } from "../../platform/http/valueStream";
import type { Log } from "../../platform/log";
import { limitsInForce } from "./limits";
import * as schema from "./schema";
import { clientDetail, listClients } from "./views/clientList";
import { overview, type Watched, WEBSOCKET_PATH } from "./views/overview";
import { listRetained } from "./views/retainedList";

const LIVE_EVERY_MS = 1000;
const PRIVATE_SENTENCE =
  "Clients, their messages and their rights are shown to this server's own page while it is open. Else ask the broker itself, as a user who may read them.";

export interface BrokerRoutesOptions extends Watched {
  /** Origins whose pages may connect, as for all of HTTP; `*` for any. */
  corsOrigins: readonly string[];
  log: Log;
  stopping: AbortSignal;
}

/** HTTP of the broker: what its page looks at, and MQTT over WebSocket; docs/broker.md, "Page". */
export function brokerRoutes(options: BrokerRoutesOptions) {
  return routesWithErrors("mqtt", detailShape, options.log)
    .use(figureRoutes(options))
    .use(listRoutes(options))
    .use(clientRoutes(options));
}

/** Figures alone, and the way in. */
function figureRoutes(options: BrokerRoutesOptions) {
  const { broker, limits, rates, corsOrigins, stopping } = options;
  const websocket = websocketHandlers(broker);
  const mayConnect = (request: Request) =>
    !isFromElsewhere(request) || corsOrigins.includes("*") || corsOrigins.includes(request.headers.get("origin") ?? "");
  return new Elysia({ tags: ["broker"] })
    .get(
      WEBSOCKET_PATH,
      ({ request, server }) => {
        if (!mayConnect(request))
          throw new RequestError(403, "Pages of this origin may not connect; see CORS_ORIGINS.");
        return websocket.upgrade(request, server as never);
      },
      { detail: { summary: "MQTT over WebSocket, subprotocol mqtt or mqttv3.1" } },
    )
    .get("/api/broker/overview", () => overview(options), {
      detail: {
        summary: "Clients, sessions, counts since the start, and the rates of the last second",
        responses: jsonAnswer(schema.overviewAnswer, "The answer"),
      },
    })
    .get(
      "/api/broker/events",
      ({ request }) => valueStream(request, () => overview(options), LIVE_EVERY_MS, stopping),
      {
        detail: { summary: "The overview as server-sent events, once a second" },
      },
    )
    .get("/api/broker/rates", () => rates.recent(), {
      detail: {
        summary: "Messages, bytes, drops and clients of the last five minutes, one point a second",
        responses: jsonAnswer(schema.ratePoints, "The answer"),
      },
    })
    .get("/api/broker/limits", () => limitsInForce(limits, broker.stats()), {
      detail: {
        summary: "Every limit with its meaning, its setting and what is in use of it",
        responses: jsonAnswer(schema.limitsAnswer, "The answer"),
      },
    });
}

/** Lists of what belongs to clients. */
function listRoutes({ broker, happenings, mode }: BrokerRoutesOptions) {
  const guarded = (request: Request) => refuseStrangers(mode, request, PRIVATE_SENTENCE);
  return new Elysia({ tags: ["broker"] })
    .get(
      "/api/broker/happenings",
      ({ request }) => {
        guarded(request);
        return happenings.recent();
      },
      {
        detail: {
          summary: "Who was turned away, cut off or refused a right of late, and why",
          responses: jsonAnswer(schema.happenings, "The answer"),
        },
      },
    )
    .get(
      "/api/broker/clients",
      ({ request, query }) => {
        guarded(request);
        return listClients(broker, valid(schema.clientsQuery, query, "query"));
      },
      {
        detail: {
          summary: "Clients, and sessions that wait for theirs: by page, filtered and sorted",
          parameters: queryParameters(schema.clientsQuery),
          responses: jsonAnswer(schema.clientPage, "The answer"),
        },
      },
    )
    .get(
      "/api/broker/retained",
      ({ request, query }) => {
        guarded(request);
        return listRetained(broker, valid(schema.retainedQuery, query, "query"));
      },
      {
        detail: {
          summary: "Retained messages by page, with the first kilobyte of each payload in base64",
          parameters: queryParameters(schema.retainedQuery),
          responses: jsonAnswer(schema.retainedPage, "The answer"),
        },
      },
    );
}

/** One client: looked at, disconnected, its session ended. */
function clientRoutes({ broker, mode, log }: BrokerRoutesOptions) {
  const ofClient = (request: Request, params: unknown) => {
    refuseStrangers(mode, request, PRIVATE_SENTENCE);
    return knownClient(broker, valid(schema.clientPath, params, "path").clientId);
  };
  const tell = (request: Request, what: string, { clientId }: ClientInfo) =>
    log.write("info", what, { requestId: requestIdOf(request), clientId });
  return new Elysia({ tags: ["broker"] })
    .get("/api/broker/clients/:clientId", ({ request, params }) => clientDetail(ofClient(request, params)), {
      detail: {
        summary: "One client with its subscriptions, its queue and what is on its way to it",
        responses: jsonAnswer(schema.clientDetail, "The answer"),
      },
    })
    .post(
      "/api/broker/clients/:clientId/kick",
      ({ request, params }) => {
        const client = ofClient(request, params);
        if (!broker.kick(client.clientId)) {
          throw new RequestError(409, `${client.clientId} has no connection; its session can be ended instead.`);
        }
        tell(request, "a client was disconnected by hand", client);
        return { kicked: true };
      },
      {
        detail: {
          summary: "End the connection of a client; its session stays if it is persistent",
          responses: jsonAnswer(schema.kickAnswer, "The answer"),
        },
      },
    )
    .delete(
      "/api/broker/clients/:clientId",
      ({ request, params }) => {
        const client = ofClient(request, params);
        broker.forget(client.clientId);
        tell(request, "a session was ended by hand", client);
        return { forgotten: true };
      },
      {
        detail: {
          summary: "End a session for good, with its connection and all that waits for it",
          responses: jsonAnswer(schema.forgetAnswer, "The answer"),
        },
      },
    );
}

function knownClient(broker: Broker, clientId: string): ClientInfo {
  const client = broker.findClient(clientId);
  if (client !== null) return client;
  throw new RequestError(404, `There is no client ${JSON.stringify(clientId)}, nor a session of it.`);
}
