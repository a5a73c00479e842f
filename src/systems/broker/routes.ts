import { Elysia } from "elysia";
import type { Broker } from "../../mqtt";
import { detailShape, routesWithErrors } from "../../platform/http/errorShape";
import type { Log } from "../../platform/log";

/** HTTP of the broker: what its page looks at; docs/broker.md. */
export function brokerRoutes(broker: Broker, log: Log) {
  return routesWithErrors("mqtt", detailShape, log).use(
    new Elysia({ tags: ["broker"] }).get("/api/broker/stats", () => broker.stats(), {
      detail: { summary: "Counters and gauges of the broker" },
    }),
  );
}
