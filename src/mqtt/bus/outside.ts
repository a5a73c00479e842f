import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { DEFAULT_LIMITS } from "../broker/limits";
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
 * there is none is sent when there is one again. Fails where the broker cannot be reached at first.
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
  const client = await connectAsync(url, options, false);
  client.on("error", onError);
  const subscribers: Subscriber[] = [];
  acknowledgeWhenDone(client, subscribers, onError);
  return {
    async publish(topic, payload) {
      await client.publishAsync(topic, payload, { qos: 1 });
    },
    async subscribe(filter, onMessage) {
      subscribers.push({ levels: parseFilter(filter, DEFAULT_LIMITS).levels, onMessage });
      await client.subscribeAsync(filter, { qos: 1, rh: 2 });
    },
    // No standard tells who else is connected to a broker.
    clientIds: () => [],
    close: () => client.endAsync(),
  };
}

/** The client acknowledges a message when `done` is called, and takes the next one then. */
function acknowledgeWhenDone(
  client: MqttClient,
  subscribers: readonly Subscriber[],
  onError: (error: unknown) => void,
): void {
  client.handleMessage = (packet, done) => {
    const { topic } = packet;
    const payload = Buffer.from(packet.payload);
    const concerned = subscribers.filter(({ levels }) => matches(levels, topic));
    const work = concerned.map(async ({ onMessage }) => onMessage(topic, payload));
    Promise.allSettled(work).then((outcomes) => {
      for (const outcome of outcomes) if (outcome.status === "rejected") onError(outcome.reason);
      done();
    });
  };
}
