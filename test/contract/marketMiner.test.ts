import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { generate, type Packet, parser } from "mqtt-packet";
import { lacks } from "../support/lacks";
import { type Served, scratchFolder, serve } from "../support/program";
import { until } from "../support/until";

setDefaultTimeout(30_000);

/** The real miner against the real program: the packets that it sends, byte by byte, and the miner itself where it is. */

const WORKER = "rig-7";
/** That of consumer-1, where its blocks go when nothing is said. */
const CONSUMER_ADDRESS = "0xaabbccddee1234567890abcdef1234567890abcd";
const ADDRESS = `0x${"ab".repeat(20)}`;

let served: Served;
beforeAll(async () => {
  served = await serve(["--only", "market,chain,mqtt"]);
});
afterAll(async () => {
  expect(await served.stop()).toBe(0);
  rmSync(served.dataDir, { recursive: true });
});

// biome-ignore lint/suspicious/noExplicitAny: answers of tests are looked at member by member
async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const answer = await fetch(served.url + path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { status: answer.status, body: await answer.json() };
}
const worker = async () =>
  (await call("GET", "/api/workers")).body.find((one: { worker_id: string }) => one.worker_id === WORKER);
const stateIs = (state: string) => until(async () => (await worker())?.state === state, `the state ${state}`);

/** A client that writes packets as the Paho C++ library does for the miner. */
async function miner({ acknowledges = true } = {}) {
  const ids: number[] = [];
  let closed = false;
  const received: { topic: string; payload: Record<string, unknown> }[] = [];
  const kinds: string[] = [];
  const read = parser({ protocolVersion: 4 });
  let packetId = 0;
  read.on("packet", (packet: Packet) => {
    kinds.push(packet.cmd);
    if (packet.cmd !== "publish") return;
    received.push({ topic: packet.topic, payload: JSON.parse(packet.payload.toString()) });
    expect(packet.qos).toBe(1);
    expect(packet.messageId).toBeGreaterThan(0);
    ids.push(packet.messageId!);
    if (acknowledges) write({ cmd: "puback", messageId: packet.messageId! });
  });
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port: served.mqttPort!,
    socket: {
      data: (_, bytes) => void read.parse(Buffer.from(bytes)),
      close: () => {
        closed = true;
      },
    },
  });
  const write = (packet: Packet) => void socket.write(generate(packet));
  const publish = (kind: string, payload: Record<string, unknown>) =>
    write({
      cmd: "publish",
      topic: `xenminer/${WORKER}/${kind}`,
      payload: JSON.stringify({ worker_id: WORKER, timestamp: 1795224867, ...payload }),
      qos: 1,
      dup: false,
      retain: false,
      messageId: ++packetId,
    });
  const subscribe = (kind: string) =>
    write({
      cmd: "subscribe",
      messageId: ++packetId,
      subscriptions: [{ topic: `xenminer/${WORKER}/${kind}`, qos: 1 }],
    });
  write({
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 4,
    clean: true,
    clientId: `xenminer_${WORKER}`,
    keepalive: 60,
    will: {
      topic: `xenminer/${WORKER}/status`,
      payload: Buffer.from(JSON.stringify({ worker_id: WORKER, status: "offline", timestamp: 1795224867 })),
      qos: 1,
      retain: true,
    },
  });
  subscribe("task");
  subscribe("control");
  const task = async (command: string) => {
    await until(() => received.some(({ payload }) => payload["command"] === command), command);
    return received.find(({ payload }) => payload["command"] === command)!.payload;
  };
  return { publish, received, kinds, ids, task, socket, isClosed: () => closed };
}

const registration = {
  eth_address: ADDRESS,
  gpu_count: 1,
  total_memory_gb: 24,
  gpus: [{ index: 0, name: "NVIDIA GeForce RTX 4090", memory_gb: 24, bus_id: 1 }],
  version: "2.0.0",
};

describe("the miner's packets", () => {
  test("go through a whole rental: nothing is awaited that the miner does not await", async () => {
    const rig = await miner();
    rig.publish("register", registration);
    rig.publish("status", { state: "AVAILABLE" });
    expect(await rig.task("register_ack")).toEqual({ command: "register_ack", accepted: true });
    await stateIs("AVAILABLE");
    expect((await call("GET", "/api/status")).body.mqtt_clients).toEqual([`xenminer_${WORKER}`]);
    expect((await call("GET", "/")).body.connected_workers).toBe(1);

    const heartbeat = { hashrate: 1250.75, active_gpus: 1, accepted_blocks: 0, difficulty: 8, uptime_sec: 3 };
    rig.publish("heartbeat", { ...heartbeat, address: ADDRESS, prefix: "", block_pattern: "XEN11" });
    await until(async () => (await worker()).hashrate === 1250.75, "the heartbeat");

    const { body: lease } = await call("POST", "/api/rent", { consumer_id: "consumer-1", duration_sec: 60 });
    const task = await rig.task("assign_task");
    expect(task).toEqual({
      command: "assign_task",
      lease_id: lease.lease_id,
      consumer_id: "consumer-1",
      consumer_address: CONSUMER_ADDRESS,
      prefix: lease.prefix,
      duration_sec: 60,
    });
    rig.publish("status", { state: "LEASED", lease_id: lease.lease_id });
    rig.publish("status", { state: "MINING", lease_id: lease.lease_id });
    await stateIs("MINING");

    const { difficulty } = (await call("GET", "/difficulty")).body;
    expect(difficulty).toBe("1727");
    const key = `${lease.prefix}${"0".repeat(48)}`;
    const hash = `$argon2id$v=19$m=1727,t=1,p=1$q6urq6urq6urq6urq6urq6urq6s$XEN11${"A".repeat(81)}`;
    const submission = {
      hash_to_verify: hash,
      key,
      account: CONSUMER_ADDRESS,
      attempts: "150000",
      hashes_per_second: "1250.75",
      worker: WORKER,
    };
    expect((await call("POST", "/verify", submission)).status).toBe(200);
    const again = await call("POST", "/verify", submission);
    expect([again.status, again.body.message]).toEqual([409, "Key already exists"]);
    const block = {
      lease_id: lease.lease_id,
      hash,
      key,
      account: CONSUMER_ADDRESS,
      attempts: 150000,
      hashrate: "1250.75",
    };
    rig.publish("block", block);
    const blocks = async () => (await call("GET", `/api/blocks?lease_id=${lease.lease_id}`)).body;
    await until(async () => (await blocks()).length === 1, "the block");
    expect((await blocks())[0]).toMatchObject({ prefix_valid: true, chain_verified: true, chain_block_id: 1, hash });

    const stopped = await call("POST", "/api/stop", { lease_id: lease.lease_id });
    expect(stopped.body).toMatchObject({
      state: "completed",
      blocks_found: 1,
      settlement: { consumer_id: "consumer-1" },
    });
    expect(await rig.task("release")).toEqual({ command: "release", lease_id: lease.lease_id });
    rig.publish("status", { state: "COMPLETED", lease_id: lease.lease_id });
    rig.publish("status", { state: "AVAILABLE" });
    await stateIs("AVAILABLE");
    expect(rig.kinds.slice(0, 3)).toEqual(["connack", "suback", "suback"]);

    // A connection that breaks: the will speaks, and the worker is not forgotten.
    rig.socket.terminate();
    await stateIs("offline");
    const back = await miner();
    back.publish("heartbeat", heartbeat);
    await stateIs("AVAILABLE");
    const { body: second } = await call("POST", "/api/rent", { consumer_id: "consumer-2", duration_sec: 5 });
    await back.task("assign_task");
    expect((await call("POST", "/api/stop", { lease_id: second.lease_id })).status).toBe(200);

    await call("POST", `/api/workers/${WORKER}/control`, { action: "set_config", config: { difficulty: 3 } });
    await until(() => back.received.some(({ topic }) => topic.endsWith("/control")), "the control message");
    expect(back.received.find(({ topic }) => topic.endsWith("/control"))?.payload).toEqual({
      action: "set_config",
      config: { difficulty: 3 },
    });
    back.publish("status", { status: "offline" });
    await stateIs("offline");
    back.socket.end();
  }, 30_000);

  test("defect 5: what is sent to a worker carries a packet id of its own as long as it is not acknowledged", async () => {
    const rig = await miner({ acknowledges: false });
    rig.publish("register", registration);
    await rig.task("register_ack");
    const [first] = rig.ids;
    expect(first).toBeGreaterThan(0);
    await call("POST", `/api/workers/${WORKER}/control`, { action: "pause" });
    await until(() => rig.ids.length === 2, "the control message");
    expect(rig.ids[1]).not.toBe(first!);
    rig.socket.end();
  });

  test("defect 6: a connection that takes over an id is heard and served, the one before is closed", async () => {
    const before = await miner();
    before.publish("register", registration);
    await before.task("register_ack");
    const after = await miner();
    await until(() => before.isClosed(), "the end of the first connection");
    after.publish("register", registration);
    await after.task("register_ack");
    expect((await call("GET", "/api/status")).body.mqtt_clients).toEqual([`xenminer_${WORKER}`]);
    const { status, body } = await call("POST", "/api/rent", { consumer_id: "consumer-1", worker_id: WORKER });
    expect(status).toBe(200);
    await after.task("assign_task");
    await call("POST", "/api/stop", { lease_id: body.lease_id });
    await after.task("release");
    after.socket.end();
  });

  test("a monitor that reads everything sees both directions", async () => {
    const rig = await miner();
    const seen: string[] = [];
    const read = parser({ protocolVersion: 4 });
    read.on("packet", (packet: Packet) => void seen.push(packet.cmd === "publish" ? packet.topic : packet.cmd));
    const monitor = await Bun.connect({
      hostname: "127.0.0.1",
      port: served.mqttPort!,
      socket: { data: (_, bytes) => void read.parse(Buffer.from(bytes)) },
    });
    monitor.write(
      generate({
        cmd: "connect",
        protocolId: "MQTT",
        protocolVersion: 4,
        clean: true,
        clientId: "monitor",
        keepalive: 0,
      }),
    );
    monitor.write(generate({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "#", qos: 0 }] }));
    await until(() => seen.includes("suback"), "the monitor's subscription");
    rig.publish("register", registration);
    await until(() => seen.includes(`xenminer/${WORKER}/task`), "the acknowledgement");
    expect(seen).toContain(`xenminer/${WORKER}/register`);
    monitor.end();
    rig.socket.end();
  });
});

const minerBinary = process.env["XENMINER_BIN"];
const hasCuda = Bun.which("nvidia-smi") !== null && Bun.spawnSync(["nvidia-smi", "-L"]).exitCode === 0;
const canRun = minerBinary !== undefined && hasCuda;

describe("the C++ miner itself", () => {
  test.skipIf(lacks("the C++ miner at XENMINER_BIN, and a CUDA device", canRun))(
    "registers, takes a lease, finds a block and is released",
    async () => {
      const flags = ["--execute", "--platform-mode", "--mqtt-broker", `tcp://127.0.0.1:${served.mqttPort}`];
      const about = ["--worker-id", "cuda-1", "--minerAddr", ADDRESS, "--rpcLink", served.url];
      const child = Bun.spawn(
        [minerBinary!, ...flags, ...about, "--totalDevFee", "0", "--testFixedDiff", "1", "--donotupload"],
        {
          stdout: "ignore",
          stderr: "inherit",
          cwd: scratchFolder(),
        },
      );
      try {
        const known = async () =>
          (await call("GET", "/api/workers")).body.some((one: { worker_id: string }) => one.worker_id === "cuda-1");
        await until(known, "the miner's registration");
        const wish = { consumer_id: "consumer-1", duration_sec: 600, worker_id: "cuda-1", consumer_address: ADDRESS };
        const { body: lease } = await call("POST", "/api/rent", wish);
        const hasBlock = async () => (await call("GET", `/api/blocks?lease_id=${lease.lease_id}`)).body.length > 0;
        await until(hasBlock, "the miner's first block");
        const { body } = await call("POST", "/api/stop", { lease_id: lease.lease_id });
        expect(body.settlement.total_cost).toBeGreaterThan(0);
      } finally {
        child.kill();
        await child.exited;
      }
    },
    60_000,
  );
});
