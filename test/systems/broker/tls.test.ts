import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mqtt from "mqtt";
import { lacks } from "../../support/lacks";
import { startSystem } from "./system";

setDefaultTimeout(30_000);

const openssl = Bun.which("openssl");
const folder = mkdtempSync(join(tmpdir(), "broker-tls-"));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string) => join(folder, name);

function run(...args: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync([openssl!, ...args], { cwd: folder });
  if (exitCode !== 0) throw new Error(`openssl ${args.join(" ")}: ${stderr}`);
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** A certificate that signs itself, valid for some days. */
function selfSigned(name: string, days: number): { cert: string; key: string } {
  const [cert, key] = [inFolder(`${name}.crt`), inFolder(`${name}.key`)];
  const names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
  run(
    "req",
    "-x509",
    ...NEW_KEY,
    "-keyout",
    key,
    "-out",
    cert,
    "-days",
    String(days),
    "-subj",
    `/CN=${name}`,
    "-addext",
    names,
  );
  return { cert, key };
}

const settingsFor = ({ cert, key }: { cert: string; key: string }, more: Record<string, string> = {}) => ({
  MQTT_TLS_PORT: "0",
  MQTT_TLS_CERT_FILE: cert,
  MQTT_TLS_KEY_FILE: key,
  ...more,
});

describe.skipIf(lacks("openssl, for a certificate", openssl !== null))("MQTT over TLS", () => {
  async function publishOver(port: number, options: mqtt.IClientOptions): Promise<void> {
    const client = await mqtt.connectAsync(`mqtts://localhost:${port}`, { reconnectPeriod: 0, ...options }, false);
    await client.publishAsync("a", "1", { qos: 1 });
    await client.endAsync(true);
  }

  test("takes clients that trust its certificate", async () => {
    const own = selfSigned("server", 365);
    const { system } = await startSystem({ settings: settingsFor(own) });
    const health = system.health();
    expect(health).toMatchObject({ status: "healthy", notes: [] });
    const port = Number(health["mqtt_tls_port"]);
    await publishOver(port, { ca: readFileSync(own.cert) });
    await expect(publishOver(port, {})).rejects.toThrow("certificate");
  });

  test("with a CA takes only clients that show a certificate signed by it", async () => {
    const [own, ca, stranger] = [selfSigned("server2", 365), selfSigned("ca", 365), selfSigned("stranger", 365)];
    run("req", ...NEW_KEY, "-keyout", "client.key", "-out", "client.csr", "-subj", "/CN=client");
    run("x509", "-req", "-in", "client.csr", "-CA", ca.cert, "-CAkey", ca.key, "-CAcreateserial", "-out", "client.crt");
    const { system } = await startSystem({ settings: settingsFor(own, { MQTT_TLS_CA_FILE: ca.cert }) });
    const port = Number(system.health()["mqtt_tls_port"]);
    const trust = { ca: readFileSync(own.cert) };
    const shows = (cert: string, key: string) => ({ ...trust, cert: readFileSync(cert), key: readFileSync(key) });
    await publishOver(port, shows(inFolder("client.crt"), inFolder("client.key")));
    await expect(publishOver(port, shows(stranger.cert, stranger.key))).rejects.toThrow();
    await expect(publishOver(port, trust)).rejects.toThrow();
  });

  test("shows another certificate after SIGHUP, keeps it where the next is faulty, and ends no connection", async () => {
    const [own, next] = [selfSigned("before", 365), selfSigned("after", 5)];
    const { system, log } = await startSystem({ settings: settingsFor(own) });
    const port = Number(system.health()["mqtt_tls_port"]);
    const trust = { ca: readFileSync(own.cert), reconnectPeriod: 0 };
    const early = await mqtt.connectAsync(`mqtts://localhost:${port}`, trust, false);
    copyFileSync(next.cert, own.cert);
    copyFileSync(next.key, own.key);
    process.emit("SIGHUP", "SIGHUP");
    await publishOver(port, { ca: readFileSync(next.cert) });
    await expect(publishOver(port, trust)).rejects.toThrow();
    expect(system.health().notes).toHaveLength(1);
    writeFileSync(own.key, "junk");
    process.emit("SIGHUP", "SIGHUP");
    await publishOver(port, { ca: readFileSync(next.cert) });
    await early.publishAsync("a", "1", { qos: 1 });
    await early.endAsync(true);
    expect(log.recent({ limit: 10, level: "error" })).toMatchObject([{ message: expect.stringContaining("not read") }]);
    const why = log.recent({ limit: 50 }).map((line) => String(line["why"] ?? ""));
    expect(why.some((text) => text.startsWith("the TLS handshake failed"))).toBe(true);
  });

  test("says two weeks ahead that its certificate ends", async () => {
    const { system } = await startSystem({ settings: settingsFor(selfSigned("brief", 5)) });
    const { status, notes } = system.health();
    expect([status, notes!.length]).toEqual(["degraded", 1]);
    expect(notes![0]).toMatch(/^The TLS certificate ends on \d{4}-\d\d-\d\d\.$/);
  });

  test("with files that are not as they must be stops the start in one sentence", async () => {
    const [own, other] = [selfSigned("one", 365), selfSigned("other", 365)];
    const junk = inFolder("junk.pem");
    writeFileSync(junk, "-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----\n");
    const cases: [settings: Record<string, string>, told: string][] = [
      [{ MQTT_TLS_PORT: "0" }, "MQTT_TLS_CERT_FILE is not set"],
      [{ MQTT_TLS_PORT: "0", MQTT_TLS_CERT_FILE: own.cert }, "MQTT_TLS_KEY_FILE is not set"],
      [settingsFor({ cert: inFolder("none"), key: own.key }), "MQTT_TLS_CERT_FILE: "],
      [settingsFor({ cert: junk, key: own.key }), `MQTT_TLS_CERT_FILE: ${junk} does not hold a certificate`],
      [settingsFor({ cert: own.cert, key: junk }), `MQTT_TLS_KEY_FILE: ${junk} does not hold a private key`],
      [settingsFor({ cert: own.cert, key: other.key }), "is not the key of the certificate"],
      [settingsFor(own, { MQTT_TLS_CA_FILE: junk }), `MQTT_TLS_CA_FILE: ${junk} does not hold a certificate`],
    ];
    for (const [settings, told] of cases) await expect(startSystem({ settings })).rejects.toThrow(told);
  });
});
