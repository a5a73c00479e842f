import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../../src/config/load";
import { systemClock } from "../../../src/platform/clock";
import { detailShape } from "../../../src/platform/http/errorShape";
import { listenHttp } from "../../../src/platform/http/server";
import type { AccessMode } from "../../../src/platform/http/strangers";
import { createLog, type Log } from "../../../src/platform/log";
import { createMetrics, type Metrics } from "../../../src/platform/metrics";
import { seededRandom } from "../../../src/platform/random";
import { type BrokerSystem, createBrokerSystem } from "../../../src/systems/broker";
import { atTestEnd } from "../../support/endings";
import { type ManualClock, manualClock } from "../../support/manualClock";

/** The broker as a system of the program, on free ports, without the rest of the program. */
export interface StartedSystem {
  system: BrokerSystem;
  mqttPort: number;
  /** Base address of its HTTP routes. */
  url: string;
  clock: ManualClock;
  log: Log;
  metrics: Metrics;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  send(method: "POST" | "DELETE", path: string, headers?: Record<string, string>): Promise<Response>;
}

interface SystemSettings {
  /** Settings as an environment has them. */
  settings?: Record<string, string>;
  mode?: AccessMode;
  corsOrigins?: string[];
}

/** A folder that is gone after the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "broker-"));
  atTestEnd(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Starts it; a manual clock stands at the present, so that nothing happens by time alone. */
export async function startSystem({
  settings = {},
  mode = "open",
  corsOrigins = [],
}: SystemSettings = {}): Promise<StartedSystem> {
  const environment = { ENVIRONMENT: "testing", MQTT_PORT: "0", ...settings };
  const { values: config } = loadConfig({ environment });
  const clock = manualClock(systemClock.now());
  const log = createLog({ level: "debug", clock, sink: () => undefined });
  const metrics = createMetrics("test");
  const stopping = new AbortController().signal;
  const platform = { config, clock, random: seededRandom(1), log, metrics, dataDir: scratch(), stopping };
  const system = createBrokerSystem(platform, { mode });
  atTestEnd(() => system.stop());
  await system.start();
  const http = listenHttp([system.routes], {
    hostname: "127.0.0.1",
    port: 0,
    portSetting: "PORT",
    corsOrigins: () => corsOrigins,
    maxBodyBytes: 1_000_000,
    maxFrameBytes: config.MQTT_MAX_PACKET_BYTES,
    idleTimeoutS: 10,
    shape: detailShape,
    log,
    metrics,
  });
  atTestEnd(() => http.stop(100));
  const mqttPort = Number(system.health()["mqtt_port"]);
  const send = (method: string, path: string, headers: Record<string, string> = {}) =>
    fetch(http.url + path, { method, headers });
  return {
    system,
    mqttPort,
    url: http.url,
    clock,
    log,
    metrics,
    get: (path, headers) => send("GET", path, headers),
    send,
  };
}
