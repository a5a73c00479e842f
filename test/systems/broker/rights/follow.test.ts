import { describe, expect, test } from "bun:test";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LOOK_EVERY_MS } from "../../../../src/systems/broker/rights/follow";
import { connect, until } from "../../../mqtt/support/client";
import { type StartedSystem, scratch, startSystem } from "../system";

const hash = (password: string) =>
  Bun.password.hashSync(password, { algorithm: "argon2id", memoryCost: 8, timeCost: 1 });
const secrets = { alice: hash("wonder"), bob: hash("builder") };
const user = (name: keyof typeof secrets) => JSON.stringify({ user: name, secret: secrets[name] });
const allow = (...topics: string[]) => JSON.stringify({ allow: "both", topics });

const everyone = [user("alice"), user("bob"), allow("#")];

function fileWith(lines: string[]): { path: string; write(lines: string[]): void } {
  const path = join(scratch(), "users.jsonl");
  const write = (content: string[]) => writeFileSync(path, `${content.join("\n")}\n`);
  write(lines);
  return { path, write };
}

async function startWith(lines: string[]) {
  const file = fileWith(lines);
  const started = await startSystem({ settings: { MQTT_USERS_FILE: file.path } });
  return { ...started, file };
}

const as = (username: string, password: string) => ({
  username,
  password,
  clientId: username,
  protocolVersion: 5 as const,
});
const alice = as("alice", "wonder");
const bob = as("bob", "builder");

/** Two looks at the file, the second of which finds what the first has found. */
function lookTwice({ clock }: StartedSystem): void {
  clock.advance(LOOK_EVERY_MS);
  clock.advance(LOOK_EVERY_MS);
}

describe("the file of users", () => {
  test("decides on who is let in", async () => {
    const { mqttPort } = await startWith(everyone);
    await connect(mqttPort, alice);
    await expect(connect(mqttPort, as("alice", "wrong"))).rejects.toThrow();
    await expect(connect(mqttPort, {})).rejects.toThrow();
  });

  test("that loses a user puts out that one and nobody else", async () => {
    const started = await startWith(everyone);
    const [first, second] = [await connect(started.mqttPort, alice), await connect(started.mqttPort, bob)];
    started.file.write([user("bob"), allow("#")]);
    lookTwice(started);
    await until(() => !first.client.connected, "the end of alice's connection");
    expect(second.client.connected).toBe(true);
    await expect(connect(started.mqttPort, alice)).rejects.toThrow();
  });

  test("that takes a right away takes it from live connections", async () => {
    const started = await startWith(everyone);
    const { client } = await connect(started.mqttPort, alice);
    await client.publishAsync("a/b", "1", { qos: 1 });
    started.file.write([user("alice"), allow("b/#")]);
    lookTwice(started);
    await expect(client.publishAsync("a/b", "2", { qos: 1 })).rejects.toThrow("Not authorized");
    await client.publishAsync("b/c", "3", { qos: 1 });
  });

  test("counts only when two looks find the same, since it may be half written", async () => {
    const started = await startWith(everyone);
    const { client } = await connect(started.mqttPort, alice);
    started.file.write([user("bob")]);
    started.clock.advance(LOOK_EVERY_MS);
    started.file.write([...everyone, "# and a word more"]);
    lookTwice(started);
    await client.publishAsync("a/b", "1", { qos: 1 });
    expect(client.connected).toBe(true);
    expect(started.system.health().notes).toEqual([]);
  });

  test("is read at once on SIGHUP, also where another file has taken its place", async () => {
    const { file, mqttPort } = await startWith(everyone);
    const { client } = await connect(mqttPort, alice);
    const next = fileWith([user("bob"), allow("#")]);
    renameSync(next.path, file.path);
    process.kill(process.pid, "SIGHUP");
    await until(() => !client.connected, "the end of alice's connection");
  });

  const spoilings: [
    how: string,
    spoil: (file: { path: string; write(lines: string[]): void }) => void,
    told: string,
  ][] = [
    ["has a fault", (file) => file.write([user("alice"), "{"]), "line 2"],
    ["is gone", (file) => rmSync(file.path), "cannot be read"],
  ];
  test.each(spoilings)(
    "that %s leaves the rights of before, and says so until it is mended",
    async (_, spoil, told) => {
      const started = await startWith(everyone);
      const { client } = await connect(started.mqttPort, alice);
      spoil(started.file);
      lookTwice(started);
      const health = started.system.health();
      expect([health.ready, health.status]).toEqual([true, "degraded"]);
      expect(health.notes![0]).toContain(told);
      expect(started.log.recent({ level: "error", limit: 1 })[0]!["problem"]).toContain(told);
      await client.publishAsync("a/b", "1", { qos: 1 });
      started.file.write(everyone);
      lookTwice(started);
      expect(started.system.health().status).toBe("healthy");
    },
  );

  test("that is wrong at the start stops it, with the setting, the file and the line", async () => {
    const { path } = fileWith(["{"]);
    const start = startSystem({ settings: { MQTT_USERS_FILE: path } });
    await expect(start).rejects.toThrow(`MQTT_USERS_FILE: ${path}: line 1: expected one JSON object`);
    const missing = startSystem({ settings: { MQTT_USERS_FILE: `${path}.not` } });
    await expect(missing).rejects.toThrow("cannot be read");
  });
});

describe("without a file of users", () => {
  test("an open broker lets in everybody", async () => {
    const { mqttPort, system } = await startSystem();
    const { client } = await connect(mqttPort);
    await client.publishAsync("a", "1", { qos: 1 });
    expect(system.health().status).toBe("healthy");
  });

  test("a closed one lets in nobody and says what to set", async () => {
    const { mqttPort, system } = await startSystem({ mode: "closed" });
    await expect(connect(mqttPort)).rejects.toThrow();
    await expect(connect(mqttPort, alice)).rejects.toThrow();
    const { status, notes } = system.health();
    expect([status, notes![0]]).toEqual(["degraded", expect.stringContaining("MQTT_USERS_FILE")]);
  });
});
