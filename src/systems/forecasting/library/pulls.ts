import type { Clock } from "../../../platform/clock";
import { messageOf, RequestError, UsageError } from "../../../platform/errors";
import type { Log } from "../../../platform/log";
import { LicenceNotAccepted } from "./licence";
import { parseModelId } from "./modelId";
import type { Hub } from "./pull/request";

/** A model on its way from the hub, or one that did not come. */
export interface Pull {
  id: string;
  state: "running" | "failed";
  doneBytes: number;
  /** 0 until the hub has said. */
  totalBytes: number;
  elapsedS: number;
  /** Why it failed. */
  fault?: string;
  /** Whether it would go on once the licence is accepted. */
  asksForLicence?: boolean;
}

/** Pulls that a server makes while it does other things. */
export interface Pulls {
  /** Begins or goes on. @throws RequestError 422 for a name that no model can have, 409 while it is pulled, 429 */
  start(id: string, licenceAccepted: boolean): void;
  list(): Pull[];
  /** Ends one, or forgets one that failed; what came stays for a later try. False where there is none. */
  stop(id: string): boolean;
  stopAll(): void;
}

export interface PullsOptions {
  modelsDir: string;
  hub: Omit<Hub, "signal">;
  clock: Clock;
  log: Log;
}

const MAX_RUNNING = 2;
const MAX_KEPT = 20;

interface Kept {
  pull: Omit<Pull, "elapsedS">;
  startedAt: number;
  calledOff: AbortController;
}

export function createPulls(options: PullsOptions): Pulls {
  const { clock } = options;
  const kept = new Map<string, Kept>();

  function start(name: string, licenceAccepted: boolean): void {
    const id = checkedId(name);
    const running = [...kept.values()].filter(({ pull }) => pull.state === "running");
    if (running.some(({ pull }) => pull.id === id)) throw new RequestError(409, `${id} is being pulled already.`);
    if (running.length >= MAX_RUNNING) {
      throw new RequestError(429, `${running.length} models are being pulled; wait for one of them.`, {
        retryAfterS: 60,
      });
    }
    const one: Kept = {
      pull: { id, state: "running", doneBytes: 0, totalBytes: 0 },
      startedAt: clock.now(),
      calledOff: new AbortController(),
    };
    kept.delete(id);
    kept.set(id, one);
    while (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value!);
    void run(one, licenceAccepted, options).then((isHere) => {
      // Here it is one of the models.
      if (isHere && kept.get(id) === one) kept.delete(id);
    });
  }

  return {
    start,
    list: () =>
      [...kept.values()].map(({ pull, startedAt }) => ({ ...pull, elapsedS: (clock.now() - startedAt) / 1000 })),
    stop(id) {
      kept.get(id)?.calledOff.abort();
      return kept.delete(id);
    },
    stopAll() {
      for (const { calledOff } of kept.values()) calledOff.abort();
    },
  };
}

/** Whether the model is here now; where not, the pull says why. */
async function run(
  { pull, calledOff }: Kept,
  licenceAccepted: boolean,
  { modelsDir, hub, clock, log }: PullsOptions,
): Promise<boolean> {
  const { id } = pull;
  try {
    const { pullModel } = await import("./pull");
    await pullModel({
      modelsDir,
      hub: { ...hub, signal: calledOff.signal },
      id,
      licenceAccepted,
      clock,
      onProgress({ done, total }) {
        pull.doneBytes = done;
        pull.totalBytes = total;
      },
    });
    log.write("info", "pulled a model", { id });
    return true;
  } catch (error) {
    pull.state = "failed";
    pull.fault = messageOf(error).replace("pull again with --accept-license", "pull it again and say so");
    pull.asksForLicence = error instanceof LicenceNotAccepted;
    if (!calledOff.signal.aborted) log.write("warning", "a model could not be pulled", { id, reason: pull.fault });
    return false;
  }
}

function checkedId(name: string): string {
  try {
    return parseModelId(name);
  } catch (error) {
    if (error instanceof UsageError) throw new RequestError(422, error.message);
    throw error;
  }
}
