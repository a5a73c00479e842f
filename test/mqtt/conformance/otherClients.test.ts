import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { lacks } from "../../support/lacks";
import { startBroker } from "../support/broker";
import { until } from "../support/client";

setDefaultTimeout(30_000);

const children: Bun.Subprocess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill("SIGKILL");
    await child.exited;
  }
});

/** A program that runs, and the lines it has written. */
function start(command: string[]): { child: Bun.Subprocess; lines: string[] } {
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "inherit" });
  children.push(child);
  const lines: string[] = [];
  const decoder = new TextDecoder();
  let rest = "";
  void (async () => {
    for await (const chunk of child.stdout) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = parts.pop()!;
      lines.push(...parts);
    }
  })();
  return { child, lines };
}

async function run(command: string[]): Promise<void> {
  const { child } = start(command);
  expect(await child.exited).toBe(0);
}

const hasMosquitto = Bun.which("mosquitto_pub") !== null && Bun.which("mosquitto_sub") !== null;
const MOSQUITTO = "mosquitto_pub and mosquitto_sub (Debian: mosquitto-clients)";

describe.skipIf(lacks(MOSQUITTO, hasMosquitto)).each(["mqttv31", "mqttv311", "mqttv5"])(
  "mosquitto's clients, %s",
  (version) => {
    const client = (name: "pub" | "sub", port: number, ...more: string[]): string[] => {
      return [`mosquitto_${name}`, "-h", "127.0.0.1", "-p", String(port), "-V", version, ...more];
    };

    test("publish and receive at each QoS", async () => {
      const { port, broker } = startBroker();
      const { child, lines } = start(
        client("sub", port, "-i", "sub", "-t", "a/#", "-q", "2", "-C", "3", "-F", "%t %q %p"),
      );
      await until(() => broker.findClient("sub")?.subscriptions.length === 1, "the subscription");
      for (const qos of ["0", "1", "2"])
        await run(client("pub", port, "-t", `a/${qos}`, "-q", qos, "-m", `message ${qos}`));
      await child.exited;
      await until(() => lines.length === 3, "three lines");
      expect(lines).toEqual(["a/0 0 message 0", "a/1 1 message 1", "a/2 2 message 2"]);
    });

    test("find a retained message, and what was sent while they were away", async () => {
      const { port, broker } = startBroker();
      await run(client("pub", port, "-t", "state", "-r", "-q", "1", "-m", "kept"));
      const expiry = version === "mqttv5" ? ["-x", "3600"] : [];
      const session = ["-i", "sleeper", "-c", "-q", "1", "-t", "state", "-t", "night", "-F", "%r %t %p", ...expiry];
      const first = start(client("sub", port, ...session, "-C", "1"));
      await first.child.exited;
      await until(() => first.lines.length === 1, "a line");
      expect(first.lines).toEqual(["1 state kept"]);
      await until(() => broker.findClient("sleeper")?.connection === null, "the end of the first connection");
      await run(client("pub", port, "-t", "night", "-q", "1", "-m", "waited"));
      const second = start(client("sub", port, ...session, "-R"));
      await until(() => second.lines.length > 0, "what was sent meanwhile");
      expect(second.lines[0]).toBe("0 night waited");
    });

    test("leave a will when they are killed", async () => {
      const { port, broker } = startBroker();
      const watcher = start(client("sub", port, "-i", "watcher", "-t", "will", "-q", "1", "-F", "%t %p"));
      await until(() => broker.findClient("watcher")?.subscriptions.length === 1, "the watcher");
      const will = ["--will-topic", "will", "--will-payload", "gone", "--will-qos", "1"];
      const doomed = start(client("sub", port, "-i", "doomed", "-t", "x", ...will));
      await until(() => broker.findClient("doomed")?.connection != null, "the doomed client");
      doomed.child.kill("SIGKILL");
      await until(() => watcher.lines.length === 1, "the will");
      expect(watcher.lines).toEqual(["will gone"]);
    });
  },
);

test.skipIf(lacks(MOSQUITTO, hasMosquitto))("mosquitto's clients use the properties of 5.0", async () => {
  const { port, broker } = startBroker();
  const base = ["-h", "127.0.0.1", "-p", String(port), "-V", "mqttv5"];
  const format = "%t %C %D %E %P %R %S %p";
  const shared = start([
    "mosquitto_sub",
    ...base,
    "-i",
    "s",
    "-t",
    "$share/g/t",
    "-D",
    "subscribe",
    "subscription-identifier",
    "7",
    "-q",
    "1",
    "-F",
    format,
  ]);
  await until(() => broker.findClient("s")?.subscriptions.length === 1, "the subscription");
  const properties: [string, ...string[]][] = [
    ["content-type", "text/plain"],
    ["correlation-data", "42"],
    ["message-expiry-interval", "60"],
    ["response-topic", "answers"],
    ["user-property", "name", "value"],
  ];
  const flags = properties.flatMap((property) => ["-D", "publish", ...property]);
  await run(["mosquitto_pub", ...base, "-t", "t", "-q", "1", "-m", "payload", ...flags]);
  await until(() => shared.lines.length === 1, "the message");
  expect(shared.lines).toEqual(["t text/plain 42 60 name:value answers 7 payload"]);
});

/** A Python that has paho-mqtt: the one that PAHO_PYTHON names, or the system's. */
const python = process.env["PAHO_PYTHON"] ?? "python3";
const hasPaho =
  Bun.which(python) !== null &&
  Bun.spawnSync([python, "-c", "import paho.mqtt.client"], { stdout: "ignore", stderr: "ignore" }).exitCode === 0;

describe.skipIf(lacks("a Python with paho-mqtt, which PAHO_PYTHON may name", hasPaho)).each(["3", "4", "5"])(
  "Python's paho-mqtt at level %s",
  (level) => {
    test("goes through a session's whole life", async () => {
      const { port } = startBroker();
      const script = join(import.meta.dir, "pahoClient.py");
      const { child, lines } = start([python, script, String(port), level]);
      expect(await child.exited).toBe(0);
      await until(() => lines.at(-1) === "done", "its last line");
      expect(lines).toEqual([
        "connected present=False",
        "subscribed",
        "t/0 qos=0 retain=False first",
        "t/1 qos=1 retain=False first",
        "t/2 qos=2 retain=False first",
        "t/2 qos=2 retain=True kept",
        "unsubscribed",
        // 3.1 has no word for it.
        level === "3" ? "back present=False" : "back present=True",
        "night qos=1 retain=False waited",
        "will qos=1 retain=False gone",
        "done",
      ]);
    });
  },
);
