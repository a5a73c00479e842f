import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Bus, embeddedBus, outsideBus } from "../../src/mqtt";
import { startBroker } from "./support/broker";
import { connect, until } from "./support/client";
import { startMosquitto } from "./support/mosquitto";

setDefaultTimeout(30_000);

/** A bus of each kind, with the port on which other clients of its broker come in. */
const KINDS: { [kind: string]: (errors: unknown[]) => Promise<{ bus: Bus; port: number } | null> } = {
  "the embedded broker": async (errors) => {
    const { broker, port } = startBroker({}, errors);
    return { bus: embeddedBus(broker, "market"), port };
  },
  "an outside broker, which is ours": (errors) => outside(startBroker().port, errors),
  "an outside broker, which is mosquitto": async (errors) => {
    const port = await startMosquitto();
    return port === null ? null : outside(port, errors);
  },
};

async function outside(port: number, errors: unknown[]): Promise<{ bus: Bus; port: number }> {
  const onError = (error: unknown): void => void errors.push(error);
  return { bus: await outsideBus({ url: `mqtt://127.0.0.1:${port}`, clientId: "market", onError }), port };
}

describe.each(Object.entries(KINDS))("a bus on %s", (_kind, open) => {
  test("publishes to clients and hears what they publish", async () => {
    const opened = await open([]);
    if (opened === null) return;
    const { bus, port } = opened;
    const heard: string[] = [];
    await bus.subscribe("in/+/x", (topic, payload) => void heard.push(`${topic} ${Buffer.from(payload)}`));
    await bus.subscribe("other", () => void heard.push("never"));
    const worker = await connect(port, { clientId: "worker" });
    await worker.client.subscribeAsync("out/#", { qos: 1 });
    await bus.publish("out/1", "hello");
    expect((await worker.received(1))[0]).toMatchObject({
      topic: "out/1",
      payload: "hello",
      packet: { qos: 1, retain: false },
    });
    await worker.client.publishAsync("in/1/x", "answer", { qos: 1 });
    await until(() => heard.length > 0, "the answer");
    expect(heard).toEqual(["in/1/x answer"]);
    await bus.close();
  });

  test("hears a retained message when it is published, and not when it is old", async () => {
    const opened = await open([]);
    if (opened === null) return;
    const { bus, port } = opened;
    const worker = await connect(port);
    await worker.client.publishAsync("will/1", "old", { qos: 1, retain: true });
    const heard: string[] = [];
    await bus.subscribe("will/+", (_topic, payload) => void heard.push(Buffer.from(payload).toString()));
    await worker.client.publishAsync("will/1", "new", { qos: 1, retain: true });
    await until(() => heard.length > 0, "the message");
    expect(heard).toEqual(["new"]);
    await bus.close();
  });

  test("goes on after a handler has failed, and tells it", async () => {
    const errors: unknown[] = [];
    const opened = await open(errors);
    if (opened === null) return;
    const { bus, port } = opened;
    const heard: string[] = [];
    await bus.subscribe("in", async (_topic, payload) => {
      heard.push(Buffer.from(payload).toString());
      if (heard.length === 1) throw new Error("this one failed");
    });
    const worker = await connect(port);
    await worker.client.publishAsync("in", "1", { qos: 1 });
    await worker.client.publishAsync("in", "2", { qos: 1 });
    await until(() => heard.length === 2, "the second message");
    expect(errors.map(String)).toEqual(["Error: this one failed"]);
    await bus.close();
  });
});

describe.each(Object.entries(KINDS).slice(1))("%s", (_kind, open) => {
  test("keeps what comes while nobody listens, also while a new process has not yet subscribed", async () => {
    const first = await open([]);
    if (first === null) return;
    await first.bus.subscribe("in/#", () => undefined);
    await first.bus.close();
    const worker = await connect(first.port);
    for (const payload of ["1", "2", "3"]) await worker.client.publishAsync("in/x", payload, { qos: 1 });
    const { bus } = await outside(first.port, []);
    // By the time that the broker has answered somebody else, what it held for the session has come.
    for (let i = 0; i < 3; i++) await worker.client.publishAsync("elsewhere", "", { qos: 1 });
    const heard: string[] = [];
    await bus.subscribe("in/#", (_topic, payload) => void heard.push(Buffer.from(payload).toString()));
    await until(() => heard.length === 3, "what was published meanwhile");
    expect(heard).toEqual(["1", "2", "3"]);
    await bus.close();
  });
});

test("a sender is acknowledged when the embedded handler is done, and not before", async () => {
  const { broker, port } = startBroker();
  const bus = embeddedBus(broker, "market");
  const gate = Promise.withResolvers<void>();
  const steps: string[] = [];
  await bus.subscribe("slow", async () => {
    steps.push("begun");
    await gate.promise;
    steps.push("done");
  });
  const worker = await connect(port);
  const other = await connect(port);
  const published = worker.client.publishAsync("slow", "x", { qos: 1 }).then(() => steps.push("acknowledged"));
  await until(() => steps.length === 1, "the handler");
  await other.client.publishAsync("quick", "x", { qos: 1 });
  steps.push("another was served");
  gate.resolve();
  await published;
  expect(steps).toEqual(["begun", "another was served", "done", "acknowledged"]);
});

test("acknowledgements of several waits reach one sender in the order of its messages", async () => {
  const { broker, port } = startBroker();
  const bus = embeddedBus(broker, "market");
  const waits = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  let begun = 0;
  await bus.subscribe("slow", () => waits[begun++]!.promise);
  const worker = await connect(port);
  const acknowledged: number[] = [];
  for (let i = 0; i < 3; i++) {
    worker.client.publishAsync("slow", "x", { qos: 1 }).then(() => acknowledged.push(i));
    await until(() => begun === i + 1, `handler ${i}`);
  }
  waits[2]!.resolve();
  waits[1]!.resolve();
  const other = await connect(port);
  await other.client.publishAsync("elsewhere", "x", { qos: 1 });
  expect(acknowledged).toEqual([]);
  waits[0]!.resolve();
  await until(() => acknowledged.length === 3, "all acknowledgements");
  expect(acknowledged).toEqual([0, 1, 2]);
});
