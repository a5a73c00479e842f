import { expect, setDefaultTimeout, test } from "bun:test";
import { outsideBus } from "../../src/mqtt";
import { connect, until } from "./support/client";
import { startMosquitto, stopMosquitto } from "./support/mosquitto";

setDefaultTimeout(30_000);

test("a bus on mosquitto goes on when that has crashed and is back without any session", async () => {
  const port = await startMosquitto();
  if (port === null) return;
  const errors: unknown[] = [];
  const bus = await outsideBus({
    url: `mqtt://127.0.0.1:${port}`,
    clientId: "market",
    onError: (error) => errors.push(error),
  });
  const heard: string[] = [];
  await bus.subscribe("in/+", (topic, payload) => void heard.push(`${topic} ${Buffer.from(payload)}`));
  await bus.subscribe("more", (topic, payload) => void heard.push(`${topic} ${Buffer.from(payload)}`));
  const before = await connect(port);
  await before.client.publishAsync("in/1", "before", { qos: 1 });
  await until(() => heard.length === 1, "the first message");

  await stopMosquitto(port);
  await until(() => errors.length > 0 || !before.client.connected, "the end of the connections");
  let isTaken = false;
  const late = bus.publish("out", "while it was away").then(() => {
    isTaken = true;
  });
  await until(() => errors.length > 0, "an attempt that fails");
  expect(isTaken).toBe(false);

  expect(await startMosquitto(port)).toBe(port);
  await late;
  const after = await connect(port);
  // Subscriptions are renewed one by one; who publishes before that is not heard, so each says it until it is.
  for (const topic of ["in/2", "more"]) {
    while (!heard.includes(`${topic} after`)) {
      await after.client.publishAsync(topic, "after", { qos: 1 });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  expect(new Set(heard)).toEqual(new Set(["in/1 before", "in/2 after", "more after"]));
  await bus.close();
}, 30_000);
