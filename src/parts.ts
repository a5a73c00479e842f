import type { LoadedConfig } from "./config/load";
import { isOpenMode, namedSecret } from "./config/secrets";
import type { Config, SettingName } from "./config/settings";
import { embeddedBus, outsideBus } from "./mqtt";
import type { Clock } from "./platform/clock";
import { ownCommand } from "./platform/compute/childProcess";
import type { Check } from "./platform/doctor/check";
import { UsageError } from "./platform/errors";
import type { Platform } from "./platform/platform";
import type { System } from "./platform/system";
import { type BrokerSystem, createBrokerSystem } from "./systems/broker";
import { type ChainSystem, createChainSystem } from "./systems/chain";
import { createEpistemix, type ReportMaker } from "./systems/epistemix";
import { cardCheck, createFilecoin, historyCheck } from "./systems/filecoin";
import { createForecasting, KNOWN_API_KEY, libraryCheck } from "./systems/forecasting";
import { createJobs, renderReport } from "./systems/jobs";
import { createMarket, KNOWN_ADMIN_KEY, type MessageBus, MINER_RULES, type SimulatorPlace } from "./systems/market";

/** A system with the setting of its own port. */
export interface Part {
  system: System;
  port?: SettingName;
  /** Systems whose routes stand on that port too, as on the one port of their original. */
  beside?: readonly System[];
}

/** The names that `--only` knows. */
const NAMES = ["filecoin", "market", "chain", "broker", "forecasting", "jobs", "epistemix"] as const;
type Name = (typeof NAMES)[number];

/** What systems were called once, by what they are called now. */
const FORMER_NAMES: Readonly<Record<string, Name>> = { mqtt: "broker" };

/** The same lines of `doctor` that a system brings when it is made. */
const CHECKS: Partial<Record<Name, (config: Config, clock: Clock) => Check[]>> = {
  filecoin: (config, clock) => [historyCheck(config, clock), cardCheck(config, clock)],
  forecasting: (config) => [libraryCheck(config.DATA_DIR)],
};

/** Types of simulations that the contract names, and why they cannot be run where nothing offers them. */
const UNAVAILABLE = [
  { type: "timesfm_forecast", title: "Time-series forecast", reason: "forecasting is left out here (--only)" },
  { type: "timesfm_backtest", title: "Forecast backtest", reason: "forecasting is left out here (--only)" },
  { type: "fred_run", title: "FRED epidemic", reason: "the epidemic platform is left out here (--only)" },
];

const MARKET_CHAIN_PAGE = "/market?tab=chain";
const BUS_CLIENT_ID = "foresight-market";

/**
 * The systems that the settings ask for, in the order in which they start, each given what it needs of the others.
 * `mainUrl` tells the address of the main port, once it is listened on.
 * @throws UsageError for a name that is none, a known key in closed mode, or an outside broker that cannot be reached.
 */
export async function createParts(loaded: LoadedConfig, platform: Platform, mainUrl: () => string): Promise<Part[]> {
  const { values: config } = loaded;
  const wanted = wantedNames(config);
  const broker = wanted.has("broker") ? createBrokerSystem(platform, brokerOptions(loaded)) : undefined;
  const chain = wanted.has("chain")
    ? createChainSystem(platform, wanted.has("market") ? MARKET_CHAIN_PAGE : undefined)
    : undefined;
  const parts: Part[] = [];
  if (wanted.has("filecoin")) parts.push({ system: createFilecoin(platform), port: "FILECOIN_PORT" });
  if (chain !== undefined) parts.push({ system: chain, port: "CHAIN_PORT" });
  if (wanted.has("market")) {
    const system = await marketOf(loaded, platform, mainUrl, broker, chain);
    parts.push({ system, port: "MARKET_PORT", beside: chain === undefined ? [] : [chain] });
  }
  if (wanted.has("forecasting")) parts.push({ system: forecastingOf(loaded, platform), port: "FORECASTING_PORT" });
  const epistemix = wanted.has("epistemix") ? [{ system: epistemixOf(loaded, platform) }] : [];
  if (wanted.has("jobs")) parts.push({ system: jobsOf(loaded, platform, [...parts, ...epistemix]), port: "JOBS_PORT" });
  parts.push(...epistemix);
  // Last to start and first to stop: whoever handles its messages is there before a client comes and after all left.
  if (broker !== undefined) parts.push({ system: broker });
  return parts;
}

function wantedNames({ ONLY, NO_CHAIN, MQTT_URL }: Config): Set<Name> {
  const wanted = new Set<Name>(ONLY.length === 0 ? NAMES : ONLY.map(nameOf));
  if (NO_CHAIN) wanted.delete("chain");
  // Workers reach the market through a broker; without an outside one it is the embedded one.
  if (wanted.has("market") && MQTT_URL === undefined) wanted.add("broker");
  return wanted;
}

function nameOf(written: string): Name {
  const name = NAMES.find((known) => known === written) ?? FORMER_NAMES[written];
  if (name === undefined) throw new UsageError(`--only: there is no ${written}; there are ${NAMES.join(", ")}.`);
  return name;
}

/** What the systems need of this machine, each in a line of `doctor`, without making them. */
export function systemChecks({ values: config }: LoadedConfig, clock: Clock): Check[] {
  return [...wantedNames(config)].flatMap((name) => CHECKS[name]?.(config, clock) ?? []);
}

/** Its reports are made as those of jobs are, whether jobs are switched on or not. */
function epistemixOf(loaded: LoadedConfig, platform: Platform): System {
  const report: ReportMaker = (order) => renderReport(order, platform.pool);
  return createEpistemix(platform, { mode: isOpenMode(loaded) ? "open" : "closed", report });
}

/** Jobs run whatever the other systems offer. */
function jobsOf(loaded: LoadedConfig, platform: Platform, parts: readonly Part[]): System {
  const handlers = parts.flatMap(({ system }) => system.handlers ?? []);
  return createJobs(platform, { mode: isOpenMode(loaded) ? "open" : "closed", handlers, unavailable: UNAVAILABLE });
}

function forecastingOf(loaded: LoadedConfig, platform: Platform): System {
  const mode = isOpenMode(loaded) ? "open" : "closed";
  return createForecasting(platform, { mode, apiKey: keyOf(loaded, platform, "API_SECRET_KEY", KNOWN_API_KEY) });
}

async function marketOf(
  loaded: LoadedConfig,
  platform: Platform,
  mainUrl: () => string,
  broker: BrokerSystem | undefined,
  chain: ChainSystem | undefined,
): Promise<System> {
  const { values: config } = loaded;
  const mode = isOpenMode(loaded) ? "open" : "closed";
  // Simulated workers talk with the broker and the chain of this program, which listen on the same host.
  const simulatorPlace: SimulatorPlace = {
    command: [...ownCommand(), "--child", "fleet"],
    mqttUrl: () => `mqtt://${new URL(mainUrl()).hostname}:${mqttPortOf(config, broker)}`,
    chainUrl: () => (chain === undefined ? null : mainUrl()),
  };
  return createMarket(platform, {
    bus: await busOf(config, platform, broker),
    chain: chain?.chain,
    mode,
    adminKey: keyOf(loaded, platform, "MARKET_ADMIN_KEY", KNOWN_ADMIN_KEY),
    jwtSecret: config.MARKET_JWT_SECRET,
    requireFunds: config.MARKET_REQUIRE_FUNDS,
    guardControl: config.MARKET_GUARD_CONTROL,
    workersLimit: config.MARKET_MAX_WORKERS,
    billOffline: config.MARKET_BILL_OFFLINE,
    leaseStartS: config.LEASE_START_S,
    requestsPerMin: config.MARKET_REQUESTS_PER_MIN ?? (mode === "open" ? 0 : CLOSED_REQUESTS_PER_MIN),
    accountsPerHour: config.MARKET_ACCOUNTS_PER_HOUR ?? (mode === "open" ? 0 : CLOSED_ACCOUNTS_PER_HOUR),
    mqttPort: () => mqttPortOf(config, broker),
    simulator: mode === "closed" || config.MQTT_URL !== undefined ? undefined : simulatorPlace,
  });
}

/** What one address may ask of a closed market, unless the settings say otherwise. */
const CLOSED_REQUESTS_PER_MIN = 1200;
const CLOSED_ACCOUNTS_PER_HOUR = 20;

const STANDARD_PORTS: Record<string, number> = { "mqtt:": 1883, "mqtts:": 8883, "ws:": 80, "wss:": 443 };

/** Where workers find the broker: the embedded broker when it listens, else that of `MQTT_URL`. */
function mqttPortOf({ MQTT_URL }: Config, broker: BrokerSystem | undefined): number | null {
  if (MQTT_URL === undefined) return Number(broker?.health()["mqtt_port"]) || null;
  const { protocol, port } = new URL(MQTT_URL);
  return port === "" ? (STANDARD_PORTS[protocol] ?? null) : Number(port);
}

async function busOf({ MQTT_URL }: Config, { log }: Platform, broker: BrokerSystem | undefined): Promise<MessageBus> {
  if (MQTT_URL === undefined) return embeddedBus(broker!.broker, BUS_CLIENT_ID);
  const onError = (error: unknown) => log.write("warning", "the outside broker", { error });
  try {
    return await outsideBus({ url: MQTT_URL, clientId: BUS_CLIENT_ID, onError });
  } catch {
    throw new UsageError("MQTT_URL: the broker cannot be reached. Check the address, the user and the password.");
  }
}

/** A key that an original's clients know: as set, or that known one while open, or one that is made. */
function keyOf(
  loaded: LoadedConfig,
  { dataDir, log }: Platform,
  name: "MARKET_ADMIN_KEY" | "API_SECRET_KEY",
  known: string,
): string {
  const set = loaded.values[name];
  if (isOpenMode(loaded)) return set ?? known;
  if (set !== known) return namedSecret(name, loaded, dataDir, (told) => log.write("info", told));
  throw new UsageError(`${name} is the key that everybody knows. Set another, or listen on loopback alone.`);
}

function brokerOptions(loaded: LoadedConfig) {
  return { mode: isOpenMode(loaded) ? ("open" as const) : ("closed" as const), guestRules: MINER_RULES };
}
