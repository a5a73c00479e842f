import { join } from "node:path";
import { type Broker, createBroker, listenTcp, sqliteStore } from "../../mqtt";
import { messageOf, UsageError } from "../../platform/errors";
import type { Platform } from "../../platform/platform";
import type { System } from "../../platform/system";
import { brokerRoutes } from "./routes";

/** The file of sessions and retained messages, in the data folder. */
export const BROKER_FILE = "mqtt.db";

/** The broker as a system, and itself for whoever talks over it in this process. */
export interface BrokerSystem extends System {
  broker: Broker;
}

/** The MQTT broker as a part of the program. @throws UsageError at `start` when its port is taken. */
export function createBrokerSystem(platform: Platform): BrokerSystem {
  const { config, clock, random, dataDir, log, metrics } = platform;
  const store = config.ENVIRONMENT === "testing" ? {} : { store: sqliteStore(join(dataDir, BROKER_FILE)) };
  const broker = createBroker({ clock, random, ...store });
  let port: number | undefined;
  metrics.gauge("foresight_mqtt_connections", "Connections to the broker.", () => broker.stats().connections);
  metrics.gauge("foresight_mqtt_sessions", "Sessions, connected or not.", () => broker.stats().sessions);
  return {
    name: "mqtt",
    broker,
    page: "broker",
    routes: brokerRoutes(broker, log),
    async start() {
      const wanted = config.MQTT_PORT;
      try {
        port = listenTcp(broker, { hostname: config.HOST, port: wanted }).port;
      } catch (error) {
        throw new UsageError(
          `Port ${wanted} of ${config.HOST} cannot be listened on for MQTT (${messageOf(error)}). Stop what holds it or set MQTT_PORT.`,
        );
      }
      log.write("info", "broker listens", { port });
    },
    stop: () => broker.stop(),
    health: () => ({
      ready: port !== undefined,
      status: port === undefined ? "loading" : "healthy",
      mqtt_port: port ?? null,
      mqtt_clients_connected: broker.stats().connections,
    }),
    about: () => ({ mqtt_port: port ?? null }),
    card: () => ({
      title: "Broker",
      figure: `${broker.stats().connections}`,
      caption: "MQTT clients connected",
      action: { label: "Watch the broker", href: "/broker" },
    }),
  };
}
