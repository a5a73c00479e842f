import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from "mqtt";
import { atTestEnd } from "../../support/endings";

/** A message as the client got it. */
export interface ReceivedMessage {
  topic: string;
  payload: string;
  packet: IPublishPacket;
}

/** A real client with what it has received so far. */
export interface TestClient {
  client: MqttClient;
  arrived: ReceivedMessage[];
  sessionPresent: boolean;
  /** Resolves with all messages when there are at least `count`. */
  received(count: number): Promise<ReceivedMessage[]>;
  end(): Promise<void>;
  /** Breaks the connection as a dead network does. */
  cut(): void;
}

const DEADLINE_MS = 15_000;

/** Waits until a condition holds; fails after a deadline, with what was waited for. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${DEADLINE_MS} ms in vain for ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Connects a client of the `mqtt` package; fails with the broker's reason. */
export async function connect(port: number, options: IClientOptions = {}): Promise<TestClient> {
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
    reconnectPeriod: 0,
    connectTimeout: DEADLINE_MS,
    ...options,
  });
  const arrived: ReceivedMessage[] = [];
  client.on("message", (topic, payload, packet) => arrived.push({ topic, payload: payload.toString(), packet }));
  const sessionPresent = await new Promise<boolean>((resolve, reject) => {
    client.once("connect", (packet) => resolve(packet.sessionPresent));
    client.once("error", reject);
    client.once("close", () => reject(new Error("closed before CONNACK")));
  });
  client.removeAllListeners("error");
  client.on("error", () => undefined);
  atTestEnd(() => client.endAsync(true));
  return {
    client,
    arrived,
    sessionPresent,
    async received(count) {
      await until(() => arrived.length >= count, `${count} messages (${arrived.length} have come)`);
      return arrived;
    },
    end: () => client.endAsync(),
    cut: () => client.stream.destroy(),
  };
}
