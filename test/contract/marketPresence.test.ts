import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { connectAsync } from "mqtt";
import { type Served, serve } from "../support/program";
import { until } from "../support/until";

setDefaultTimeout(60_000);

/** The broker of the program knows who is connected, and so does the market. */

let served: Served;
beforeAll(async () => {
  served = await serve(["--only", "market,chain,mqtt"]);
});
afterAll(async () => {
  expect(await served.stop()).toBe(0);
  rmSync(served.dataDir, { recursive: true });
});

async function client(clientId: string, will?: string) {
  const options = { clientId, reconnectPeriod: 0, ...(will !== undefined && { will: willOf(will) }) };
  const connected = await connectAsync(`mqtt://127.0.0.1:${served.mqttPort}`, options, false);
  connected.on("error", () => undefined);
  const say = (workerId: string, kind: string, said: object = {}) =>
    connected.publishAsync(`xenminer/${workerId}/${kind}`, JSON.stringify({ worker_id: workerId, ...said }), {
      qos: 1,
    });
  return { say, cut: () => connected.stream.destroy(), leave: () => connected.endAsync(true) };
}

function willOf(workerId: string) {
  const payload = Buffer.from(JSON.stringify({ worker_id: workerId, status: "offline" }));
  return { topic: `xenminer/${workerId}/status`, payload, qos: 1 as const, retain: true };
}

async function stateOf(workerId: string): Promise<[state: string, online: boolean]> {
  const { items } = (await (await fetch(`${served.url}/api/monitoring/fleet?limit=100`)).json()) as {
    items: { worker_id: string; state: string; online: boolean }[];
  };
  const { state, online } = items.find(({ worker_id }) => worker_id === workerId)!;
  return [state, online];
}

const becomes = (workerId: string, state: string, online: boolean) =>
  until(async () => String(await stateOf(workerId)) === String([state, online]), `${workerId} ${state} ${online}`);

test("a worker whose session is gone is offline at once, and there again when it reconnects", async () => {
  const rig = await client("xenminer_rig");
  await rig.say("rig", "register");
  expect(await stateOf("rig")).toEqual(["AVAILABLE", true]);
  rig.cut();
  await becomes("rig", "offline", false);
  const back = await client("xenminer_rig");
  await becomes("rig", "AVAILABLE", true);
  await back.leave();
  await becomes("rig", "offline", false);
});

test("a half-open connection that is taken over does not leave its worker offline", async () => {
  const before = await client("xenminer_half", "half");
  await before.say("half", "register");
  const after = await client("xenminer_half", "half");
  await after.say("half", "heartbeat", { hashrate: 1, active_gpus: 1 });
  expect(await stateOf("half")).toEqual(["AVAILABLE", true]);
  await after.leave();
});

test("workers behind a bridge go by their heartbeats alone", async () => {
  const bridge = await client("bridge");
  for (const workerId of ["far-1", "far-2"]) await bridge.say(workerId, "register");
  const witness = await client("xenminer_near");
  await witness.say("near", "register");
  bridge.cut();
  witness.cut();
  await becomes("near", "offline", false);
  expect(await stateOf("far-1")).toEqual(["AVAILABLE", true]);
});

test("after a restart nobody is there until heard, and the state of before is kept", async () => {
  const rig = await client("xenminer_kept");
  await rig.say("kept", "register");
  expect(await stateOf("kept")).toEqual(["AVAILABLE", true]);
  const { dataDir } = served;
  expect(await served.stop()).toBe(0);
  served = await serve(["--only", "market,chain,mqtt"], { dataDir });
  expect(await stateOf("kept")).toEqual(["AVAILABLE", false]);
  const back = await client("xenminer_kept");
  await back.say("kept", "heartbeat", { hashrate: 1, active_gpus: 1 });
  await becomes("kept", "AVAILABLE", true);
  await back.leave();
});
