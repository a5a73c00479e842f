import type { Clock } from "../../../platform/clock";
import { type Child, createChild } from "../../../platform/compute/child";
import { messageOf, RequestError } from "../../../platform/errors";
import type { Log } from "../../../platform/log";
import type { MessageBus } from "../ports/messageBus";
import { workerName } from "./fleet";
import { CONNECT_FLEET, type FleetOrder } from "./fleetChild";

/** What simulated workers need of the program: a child to live in, and whom they talk with. */
export interface SimulatorPlace {
  /** Starts the child that holds them. */
  command: readonly string[];
  /** Where the broker listens at this moment. */
  mqttUrl(): string;
  /** Where the chain takes blocks; null where there is none. */
  chainUrl(): string | null;
}

/** Simulated workers in a child of this program (docs/market.md, The simulator). */
export interface Simulator {
  /** Whether there is a place for them. */
  exists: boolean;
  /** How many there are; 0 before the first start and after a stop. */
  workers(): number;
  /**
   * Ends when all of them are connected.
   * @throws RequestError 404 where there is no place for them, 409 while there are some, 503 when the broker takes none.
   */
  start(workers: number): Promise<void>;
  /** Ends when all of them have said goodbye. */
  stop(): Promise<void>;
}

export const NO_SIMULATOR =
  "Workers are simulated by an open market with a broker of its own alone; foresight miner connects some to any other.";

const CONNECTED_WITHIN_MS = 30_000;

interface Fleet {
  child: Child;
  workers: number;
  connected: Promise<unknown>;
}

export interface SimulatorOptions {
  place: SimulatorPlace | undefined;
  bus: MessageBus;
  clock: Clock;
  log: Log;
}

export function createSimulator({ place, bus, clock, log }: SimulatorOptions): Simulator {
  let fleet: Fleet | undefined;

  function open({ command, mqttUrl, chainUrl }: SimulatorPlace, workers: number): Fleet {
    const child = createChild({
      name: "simulator",
      command,
      clock,
      onCrash({ lastLines }) {
        log.write("warning", "the simulated workers crashed", { lastLines });
        if (fleet?.child === child) fleet = undefined;
      },
    });
    const input: FleetOrder = { workers, mqttUrl: mqttUrl(), chainUrl: chainUrl() };
    return { child, workers, connected: child.run({ kind: CONNECT_FLEET, input, timeoutMs: CONNECTED_WITHIN_MS }) };
  }

  async function close({ child, connected }: Fleet): Promise<void> {
    // What is cut off while it connects could not say goodbye.
    await connected.catch(() => undefined);
    await child.stop();
    if (fleet?.child === child) fleet = undefined;
  }

  return {
    exists: place !== undefined,
    workers: () => fleet?.workers ?? 0,
    async start(workers) {
      if (place === undefined) throw new RequestError(404, NO_SIMULATOR);
      if (fleet !== undefined) {
        throw new RequestError(409, `There are ${fleet.workers} simulated workers already; stop them first.`);
      }
      // Two clients of one name throw each other out for ever.
      if (bus.clientIds().includes(workerName(1))) {
        throw new RequestError(409, `${workerName(1)} is connected from elsewhere; end that foresight miner first.`);
      }
      const opened = open(place, workers);
      fleet = opened;
      try {
        await opened.connected;
      } catch (error) {
        await close(opened);
        throw new RequestError(503, `The simulated workers did not connect: ${messageOf(error)}`, { retryAfterS: 5 });
      }
    },
    async stop() {
      if (fleet !== undefined) await close(fleet);
    },
  };
}
