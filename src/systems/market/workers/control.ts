import type { Clock } from "../../../platform/clock";
import { endsWithin } from "../../../platform/endsWithin";
import { RequestError } from "../../../platform/errors";
import type { LiveState } from "../live/state";
import type { MessageBus } from "../ports/messageBus";
import { sameAddress } from "../rules/worker";
import { isWorkerState, type WorkerState } from "../rules/workerState";
import type { Workers } from "./receive";
import { controlTopic, isWorkerId } from "./topics";

export interface ControlCommand {
  action: string;
  config: Record<string, unknown>;
}

/** Commands for workers (docs/market.md, Control). */
export interface Control {
  /**
   * @throws RequestError 400 for an id that no worker can have, 404 for an unknown one when `mustBeKnown`, as all of
   * these 503 when the broker does not take the command in time.
   */
  command(workerId: string, command: ControlCommand): Promise<void>;
  /** Gives the workers that the command was sent to. */
  broadcast(command: ControlCommand): Promise<string[]>;
  /** Puts a worker among the offers, or takes it out. @throws RequestError 404, 503. */
  list(workerId: string, listed: boolean): Promise<WorkerState>;
  /** What a wallet says to one of its workers. @throws RequestError 404, 403, 400. */
  walletCommand(address: string, workerId: string, command: string, params: Record<string, unknown>): Promise<void>;
}

export interface ControlOptions {
  live: LiveState;
  bus: MessageBus;
  clock: Clock;
  workers: Pick<Workers, "setState">;
  /** Whether commands for workers that nobody knows are refused. */
  mustBeKnown: boolean;
}

const WALLET_COMMANDS = ["restart", "stop", "start", "update_config", "list", "unlist"];
/** States that a wallet may give its workers. */
const WALLET_STATES: readonly WorkerState[] = ["SELF_MINING", "AVAILABLE", "LEASED"];
const STATE_OF_COMMAND: Record<string, WorkerState> = { list: "AVAILABLE", unlist: "SELF_MINING" };

const TAKEN_WITHIN_MS = 10_000;
const RETRY_AFTER_S = 10;

export function createControl({ live, bus, clock, workers, mustBeKnown }: ControlOptions): Control {
  async function taken(publishing: Promise<unknown>): Promise<void> {
    if (await endsWithin(clock, TAKEN_WITHIN_MS, publishing)) return;
    throw new RequestError(
      503,
      "The broker does not answer. The command is sent when it does; look before you repeat it.",
      {
        retryAfterS: RETRY_AFTER_S,
      },
    );
  }

  return {
    async command(workerId, { action, config }) {
      if (!isWorkerId(workerId)) throw new RequestError(400, "Invalid worker id");
      if (mustBeKnown && !live.workers.has(workerId)) throw new RequestError(404, "Worker not found");
      await taken(bus.publish(controlTopic(workerId), JSON.stringify({ action, config })));
    },
    async broadcast({ action, config }) {
      const ids = [...live.workers.keys()];
      const payload = JSON.stringify({ action, config });
      await taken(Promise.all(ids.map((workerId) => bus.publish(controlTopic(workerId), payload))));
      return ids;
    },
    async list(workerId, listed) {
      if (!live.workers.has(workerId)) throw new RequestError(404, "Worker not found");
      const state = STATE_OF_COMMAND[listed ? "list" : "unlist"]!;
      await workers.setState(workerId, state);
      await taken(bus.publish(controlTopic(workerId), JSON.stringify({ command: "update_config", state })));
      return state;
    },
    async walletCommand(address, workerId, command, params) {
      const worker = live.workers.get(workerId);
      if (worker === undefined) throw new RequestError(404, "Worker not found");
      if (!sameAddress(worker.ethAddress, address)) {
        throw new RequestError(403, "Worker does not belong to this wallet");
      }
      if (!WALLET_COMMANDS.includes(command)) throw new RequestError(400, "Invalid command");
      const state = command === "update_config" ? params["state"] : STATE_OF_COMMAND[command];
      if (state !== undefined) await workers.setState(workerId, walletState(state));
      const listing = STATE_OF_COMMAND[command];
      const sent = listing === undefined ? { command } : { command: "update_config", state: listing };
      await taken(bus.publish(controlTopic(workerId), JSON.stringify({ ...params, ...sent })));
    },
  };
}

function walletState(state: unknown): WorkerState {
  if (isWorkerState(state) && WALLET_STATES.includes(state)) return state;
  throw new RequestError(400, `Invalid state: ${typeof state === "string" ? state.slice(0, 64) : typeof state}`);
}
