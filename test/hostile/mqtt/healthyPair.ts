import { expect } from "bun:test";
import type { Broker, BrokerOptions } from "../../../src/mqtt";
import { startBroker } from "../../mqtt/support/broker";
import { until } from "../../mqtt/support/client";
import { publish, subscribe, texts } from "../../mqtt/support/exchange";
import { rawConnected } from "../../mqtt/support/raw";

/** How long a message between healthy clients may take while others misbehave. */
const PATIENCE_MS = 250;

/** A broker with two clients that do nothing wrong; it is stopped after the test, and fails it by any fault of its own. */
export interface HealthyPair {
  broker: Broker;
  port: number;
  /** What has come to the healthy reader since it was last asked, as `topic=payload`. */
  read(): Promise<string[]>;
  /** Sends a message from one to the other; fails where it is late. */
  exchange(): Promise<void>;
  /**
   * A message goes from one to the other, nothing else has come, and nothing is left in the broker but the two: no
   * connection, no session, no byte that waits.
   */
  expectUndisturbed(): Promise<void>;
}

/** Starts one. `alsoRead` is what the healthy reader has asked for beside its own topic. */
export async function startPair(alsoRead: string[] = [], options: Partial<BrokerOptions> = {}): Promise<HealthyPair> {
  const { broker, port } = startBroker(options);
  const reader = await rawConnected(port, { clientId: "healthy-reader" });
  await subscribe(reader, ["healthy", ...alsoRead], 0);
  const writer = await rawConnected(port, { clientId: "healthy-writer", protocolVersion: 5 });
  let sent = 0;

  async function exchange(): Promise<void> {
    const start = performance.now();
    await publish(writer, "healthy", String(++sent));
    expect(await texts(reader)).toEqual([`healthy=${sent}`]);
    expect(performance.now() - start).toBeLessThan(PATIENCE_MS);
  }

  return {
    broker,
    port,
    read: () => texts(reader),
    exchange,
    async expectUndisturbed() {
      await until(() => broker.stats().connections === 2, "the end of all but the healthy two");
      await exchange();
      const { sessions, outboxBytes, queuedBytes, retainedMessages } = broker.stats();
      expect({ sessions, outboxBytes, queuedBytes, retainedMessages }).toEqual({
        sessions: 2,
        outboxBytes: 0,
        queuedBytes: 0,
        retainedMessages: 0,
      });
    },
  };
}
