import { Elysia } from "elysia";
import { type Broker, websocketHandlers } from "../../mqtt";
import { detailShape, routesWithErrors } from "../../platform/http/errorShape";
import type { Log } from "../../platform/log";

/** HTTP of the broker: what its page looks at; docs/broker.md. */
export function brokerRoutes(broker: Broker, log: Log) {
  const websocket = websocketHandlers(broker);
  return routesWithErrors("mqtt", detailShape, log).use(
    new Elysia({ tags: ["broker"] })
      .get("/mqtt", ({ request, server }) => websocket.upgrade(request, server as never), {
        detail: { summary: "MQTT over WebSocket, subprotocol mqtt or mqttv3.1" },
      })
      .get("/api/broker/stats", () => broker.stats(), { detail: { summary: "Counters and gauges of the broker" } }),
  );
}
