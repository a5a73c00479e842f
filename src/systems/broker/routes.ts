import { Elysia } from "elysia";
import { type Broker, type ClientInfo, websocketHandlers } from "../../mqtt";
import { RequestError } from "../../platform/errors";
import { operation } from "../../platform/http/api/operation";
import { detailShape, routesWithErrors } from "../../platform/http/errorShape";
import { valid } from "../../platform/http/input";
import { requestIdOf } from "../../platform/http/requestId";
import { refuseStrangers } from "../../platform/http/strangers";
import { valueStream } from "../../platform/http/valueStream";
import type { Log } from "../../platform/log";
import { limitsInForce } from "./limits";
import * as schema from "./schema";
import { clientDetail, listClients } from "./views/clientList";
import { type BrokerWatch, overview, WEBSOCKET_PATH } from "./views/overview";
import { listRetained } from "./views/retainedList";

const LIVE_EVERY_MS = 1000;
const PRIVATE_SENTENCE =
  "Clients, their messages and their rights are shown to this server's own page while it is open. Else ask the broker itself, as a user who may read them.";

export interface BrokerRoutesOptions extends BrokerWatch {
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
  const { broker, limits, rates, stopping } = options;
  const websocket = websocketHandlers(broker);
  return new Elysia({ tags: ["broker"] })
    .get(
      WEBSOCKET_PATH,
      ({ request, server }) => websocket.upgrade(request, server as never),
      // No operation of HTTP: an upgrade to MQTT over WebSocket, subprotocol mqtt or mqttv3.1.
      { detail: { hide: true } },
    )
    .get(
      "/api/broker/overview",
      () => overview(options),
      operation({
        summary: "Clients, sessions, counts since the start, and the rates of the last second",
        answer: schema.overviewAnswer,
      }),
    )
    .get(
      "/api/broker/events",
      ({ request }) => valueStream(request, () => overview(options), LIVE_EVERY_MS, stopping),
      operation({ summary: "The overview as server-sent events, once a second", answer: schema.overviewEvents }),
    )
    .get(
      "/api/broker/rates",
      () => rates.recent(),
      operation({
        summary: "Messages, bytes, drops and clients of the last five minutes, one point a second",
        answer: schema.ratePoints,
      }),
    )
    .get(
      "/api/broker/limits",
      () => limitsInForce(limits, broker.stats()),
      operation({
        summary: "Every limit with its meaning, its setting and what is in use of it",
        answer: schema.limitsAnswer,
      }),
    );
}

/** Lists of what belongs to clients. */
function listRoutes({ broker, incidents, mode }: BrokerRoutesOptions) {
  const guarded = (request: Request) => refuseStrangers(mode, request, PRIVATE_SENTENCE);
  return new Elysia({ tags: ["broker"] })
    .get(
      "/api/broker/incidents",
      ({ request }) => {
        guarded(request);
        return incidents.recent();
      },
      operation({
        summary: "Who was turned away, cut off or refused a right of late, and why",
        answer: schema.incidents,
      }),
    )
    .get(
      "/api/broker/clients",
      ({ request, query }) => {
        guarded(request);
        return listClients(broker, valid(schema.clientsQuery, query, "query"));
      },
      operation({
        summary: "Clients, and sessions that wait for theirs: by page, filtered and sorted",
        query: schema.clientsQuery,
        answer: schema.clientPage,
      }),
    )
    .get(
      "/api/broker/retained",
      ({ request, query }) => {
        guarded(request);
        return listRetained(broker, valid(schema.retainedQuery, query, "query"));
      },
      operation({
        summary: "Retained messages by page, with the first kilobyte of each payload in base64",
        query: schema.retainedQuery,
        answer: schema.retainedPage,
      }),
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
    .get(
      "/api/broker/clients/:clientId",
      ({ request, params }) => clientDetail(ofClient(request, params)),
      operation({
        summary: "One client with its subscriptions, its queue and what is on its way to it",
        path: schema.clientPath,
        answer: schema.clientDetail,
      }),
    )
    .post(
      "/api/broker/clients/:clientId/kick",
      ({ request, params }) => {
        const client = ofClient(request, params);
        if (!broker.kick(client.clientId)) {
          throw new RequestError(409, `${client.clientId} has no connection; its session can be ended instead.`);
        }
        tell(request, "a client was disconnected by hand", client);
        return { kicked: true as const };
      },
      operation({
        summary: "End the connection of a client; its session stays if it is persistent",
        path: schema.clientPath,
        answer: schema.kickAnswer,
      }),
    )
    .delete(
      "/api/broker/clients/:clientId",
      ({ request, params }) => {
        const client = ofClient(request, params);
        broker.forget(client.clientId);
        tell(request, "a session was ended by hand", client);
        return { forgotten: true as const };
      },
      operation({
        summary: "End a session for good, with its connection and all that waits for it",
        path: schema.clientPath,
        answer: schema.forgetAnswer,
      }),
    );
}

function knownClient(broker: Broker, clientId: string): ClientInfo {
  const client = broker.findClient(clientId);
  if (client !== null) return client;
  throw new RequestError(404, `There is no client ${JSON.stringify(clientId)}, nor a session of it.`);
}
