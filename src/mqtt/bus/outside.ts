import { connect, type IClientOptions, type MqttClient } from "mqtt";
import { DEFAULT_LIMITS } from "../state/limits";
import { matches, parseFilter } from "../topic/rules";
import type { Bus, OnMessage } from "./bus";

/** Where an outside broker is, and as whom we come. User name and password may also stand in the URL. */
export interface OutsideOptions {
  /** `mqtt:`, `mqtts:`, `ws:` or `wss:`. */
  url: string;
  clientId: string;
  username?: string;
  password?: string;
  /** Told what went wrong with the connection, which is tried again, or in a handler. */
  onError(error: unknown): void;
}

/** How long the outside broker remembers us while we are away. */
const SESSION_EXPIRY_SECONDS = 3600;
const RECONNECT_MS = 1000;
const CONNECT_TIMEOUT_MS = 10_000;

interface Subscriber {
  levels: readonly string[];
  onMessage: OnMessage;
}

/**
 * A bus on an outside broker, over MQTT 5.0 with a session that outlives a lost connection: what is published while
 * there is none is sent when there is one again. What the session held before the first `subscribe` waits for it, and
 * so does whatever else the broker says. Fails where the broker cannot be reached at first.
 */
export async function outsideBus({ url, onError, ...identity }: OutsideOptions): Promise<Bus> {
  const options: IClientOptions = {
    ...identity,
    protocolVersion: 5,
    clean: false,
    properties: { sessionExpiryInterval: SESSION_EXPIRY_SECONDS },
    reconnectPeriod: RECONNECT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
  };
  const client = connect(url, options);
  const subscribers: Subscriber[] = [];
  const subscribed = Promise.withResolvers<void>();
  acknowledgeWhenDone(client, subscribers, subscribed.promise, onError);
  await connected(client);
  client.on("error", onError);
  return {
    async publish(topic, payload) {
      await client.publishAsync(topic, payload, { qos: 1 });
    },
    async subscribe(filter, onMessage) {
      subscribers.push({ levels: parseFilter(filter, DEFAULT_LIMITS).levels, onMessage });
      subscribed.resolve();
      await client.subscribeAsync(filter, { qos: 1, rh: 2 });
    },
    // No standard tells who else is connected to a broker.
    clientIds: () => [],
    // Without a connection it would wait for acknowledgements that nobody sends.
    close: () => client.endAsync(!client.connected),
  };
}

/** Ends with the first connection; fails, and tries no more, when there is none. */
function connected(client: MqttClient): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (error?: unknown): void => reject(error ?? new Error("the connection was closed"));
  client.once("connect", () => resolve());
  client.once("error", fail);
  client.once("close", fail);
  return promise
    .catch((error) => {
      // Only the first fault is told.
      client.on("error", () => undefined);
      client.end(true);
      throw error;
    })
    .finally(() => {
      client.off("error", fail);
      client.off("close", fail);
    });
}

/** The client acknowledges a message when `done` is called, and takes the next one then. */
function acknowledgeWhenDone(
  client: MqttClient,
  subscribers: readonly Subscriber[],
  subscribed: Promise<void>,
  onError: (error: unknown) => void,
): void {
  client.handleMessage = async (packet, done) => {
    const { topic } = packet;
    const payload = Buffer.from(packet.payload);
    await subscribed;
    const concerned = subscribers.filter(({ levels }) => matches(levels, topic));
    const work = concerned.map(async ({ onMessage }) => onMessage(topic, payload));
    const outcomes = await Promise.allSettled(work);
    for (const outcome of outcomes) if (outcome.status === "rejected") onError(outcome.reason);
    done();
  };
}
