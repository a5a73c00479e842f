import { type Broker, type BrokerOptions, createBroker, type Listener, listenTcp } from "../../../src/mqtt/index";
import { systemClock } from "../../../src/platform/clock";
import { seededRandom } from "../../../src/platform/random";
import { atTestEnd } from "../../support/endings";

/** A broker on a free TCP port, stopped after the test that started it. */
export interface TestBroker {
  broker: Broker;
  listener: Listener;
  port: number;
  /** Faults of the broker's own: there must be none. */
  faults: unknown[];
}

/** Starts a broker. A test that expects faults gives a list for them; any other is failed by the first. */
export function startBroker(options: Partial<BrokerOptions> = {}, expectedFaults?: unknown[]): TestBroker {
  const broker = createBroker({ clock: systemClock, random: seededRandom(1), ...options });
  const faults: unknown[] = [];
  broker.on("fault", ({ error }) => (expectedFaults ?? faults).push(error));
  const listener = listenTcp(broker, { hostname: "127.0.0.1", port: 0 });
  atTestEnd(async () => {
    await broker.stop();
    if (faults.length > 0) throw new Error(`the broker had faults: ${faults.map(String).join("; ")}`);
  });
  return { broker, listener, port: listener.port, faults };
}
