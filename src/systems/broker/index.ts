import { join } from "node:path";
import {
  type AclRule,
  type Broker,
  type ClientInfo,
  createBroker,
  type Limits,
  type Listener,
  type LiveRights,
  sqliteStore,
} from "../../mqtt";
import type { AccessMode } from "../../platform/http/strangers";
import type { Platform } from "../../platform/platform";
import type { Health, Hit, System } from "../../platform/system";
import { logEvents } from "./eventLog";
import { limitsOf } from "./limits";
import { listen } from "./listen";
import { registerMetrics } from "./metrics";
import { limitedByFiles, restWhenOutOfFiles } from "./openFiles";
import { openRights, type RightsSource } from "./rights/follow";
import { withGuests } from "./rights/guests";
import { brokerRoutes } from "./routes";
import { type Certificate, tlsFiles } from "./tls";
import { findClients } from "./views/clientList";
import { rememberIncidents } from "./views/incidents";
import type { ListenPorts } from "./views/overview";
import { sampleRates } from "./views/rates";

export { userLine } from "./rights/schema";

/** The file of sessions and retained messages, in the data folder. */
export const BROKER_FILE = "mqtt.db";

const MAX_FOUND = 8;
const WARN_BEFORE_END_MS = 14 * 86_400_000;

/** The broker as a system, and itself for whoever talks over it in this process. */
export interface BrokerSystem extends System {
  broker: Broker;
}

export interface BrokerSystemOptions {
  /** Open lets in everybody where no file of users is named; closed nobody. */
  mode: AccessMode;
  /** What clients may do that come in by the listener for guests, by their identifiers. */
  guestRules?: readonly AclRule[];
}

type BrokerPlatform = Pick<Platform, "config" | "clock" | "random" | "log" | "metrics" | "dataDir" | "stopping">;

/**
 * The MQTT broker as a part of the program.
 * @throws UsageError for a file of users or a certificate that is not as it must be; at `start` when a port is taken.
 */
export function createBrokerSystem(platform: BrokerPlatform, options: BrokerSystemOptions): BrokerSystem {
  const { mode, guestRules = [] } = options;
  const { config, clock, log, metrics, stopping } = platform;
  const guests = config.MQTT_GUEST_PORT === undefined ? undefined : withGuests(() => standing.rights, guestRules);
  const standing = openRights({ path: config.MQTT_USERS_FILE, mode, clock, log, isGuest: guests?.isGuest });
  const tls: Certificate = { files: tlsFiles(config) };
  const limits = limitedByFiles(limitsOf(config), log);
  const broker = openBroker(platform, limits, guests ?? standing.rights);
  const clients = countClients(broker);
  const startedAtMs = clock.now();
  const watched = {
    broker,
    mode,
    limits,
    clients,
    rates: sampleRates(clock, log, () => broker.stats(), clients),
    incidents: rememberIncidents(broker, clock, log),
    uptimeS: () => Math.floor((clock.now() - startedAtMs) / 1000),
    listening: (): ListenPorts => listening,
  };
  let listening: ListenPorts = { tcpPort: null, tlsPort: null };
  const endings: (() => void)[] = [];
  registerMetrics(metrics, broker, clients);
  // The server of all of HTTP waits for its WebSockets, the others are told when all who may need the broker are done.
  stopping.addEventListener("abort", () => broker.sendAway("websocket"), { once: true });
  return {
    name: "broker",
    broker,
    page: "broker",
    maxFrameBytes: limits.packetBytes,
    routes: brokerRoutes({ ...watched, log, stopping }),
    async start() {
      const { ports, listeners, follow } = listen(broker, platform, tls);
      listening = ports;
      endings.push(...startChores(platform, broker, listeners), standing.follow(broker), follow());
      log.write("info", "broker listens", { port: listening.tcpPort, tlsPort: listening.tlsPort });
    },
    async stop() {
      for (const end of endings) end();
      watched.rates.stop();
      await broker.stop();
    },
    health: () => ({
      ...stateOf(listening, notesOn(broker, standing, tls, clock.now())),
      mqtt_port: listening.tcpPort,
      mqtt_tls_port: listening.tlsPort,
      mqtt_clients_connected: clients(),
    }),
    about: () => ({ mqtt_port: listening.tcpPort }),
    statusLine: () => [`${clients()} broker client${clients() === 1 ? "" : "s"}`],
    files: [{ name: BROKER_FILE, meaning: "sessions and retained messages of the broker" }],
    card: () => ({
      title: "Broker",
      figure: `${clients()}`,
      caption: "MQTT clients connected",
      action: { label: "Watch the broker", href: "/broker" },
    }),
    find: async (query) => (mode === "closed" ? [] : (await findClients(broker, query, MAX_FOUND)).map(hitOfClient)),
  };
}

function hitOfClient({ clientId, connection, subscriptions }: ClientInfo): Hit {
  return {
    kind: "client",
    title: clientId,
    hint: `${connection === null ? "offline" : `from ${connection.address}`}, subscriptions: ${subscriptions.length}`,
    href: `/broker?tab=clients&client=${encodeURIComponent(clientId)}`,
  };
}

function openBroker(
  platform: BrokerPlatform,
  limits: Limits,
  rights: Pick<LiveRights, "authenticate" | "authorize"> | undefined,
): Broker {
  const { config, clock, random, dataDir } = platform;
  const keeps = config.ENVIRONMENT !== "testing";
  const store = keeps ? { store: sqliteStore(join(dataDir, BROKER_FILE), { durability: config.MQTT_DURABILITY }) } : {};
  const asked = rights && { authenticate: rights.authenticate, authorize: rights.authorize };
  return createBroker({ clock, random, limits, ...store, ...asked });
}

/** What goes on beside the broker; each of the returned functions ends one. */
function startChores({ clock, log }: BrokerPlatform, broker: Broker, listeners: readonly Listener[]): (() => void)[] {
  return [restWhenOutOfFiles(listeners, clock, log), logEvents(broker, clock, log)];
}

/** Counts those who were let in, as they come and go; parts of this program are none of them. */
function countClients(broker: Broker): () => number {
  let clients = 0;
  broker.on("connected", () => clients++);
  broker.on("disconnected", () => clients--);
  return () => clients;
}

function stateOf({ tcpPort }: ListenPorts, notes: string[]): Health {
  if (tcpPort === null) return { ready: false, status: "loading", notes };
  return { ready: true, status: notes.length === 0 ? "healthy" : "degraded", notes };
}

function notesOn(broker: Broker, { problem }: RightsSource, { files }: Certificate, nowMs: number): string[] {
  const notes = [problem()];
  const { overload } = broker.stats();
  if (overload > 0)
    notes.push(`Memory for waiting messages is short: measures of level ${overload} of 3 are in force.`);
  if (files !== undefined && files.endsAtMs - nowMs < WARN_BEFORE_END_MS) {
    notes.push(`The TLS certificate ends on ${new Date(files.endsAtMs).toISOString().slice(0, 10)}.`);
  }
  return notes.filter((note) => note !== undefined);
}
