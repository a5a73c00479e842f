import type { Clock } from "../../../platform/clock";
import { RequestError } from "../../../platform/errors";
import type { Pulls } from "../library/pulls";

/** Gets the weights of a model from the hub; `tell` is given how far that is. @throws RequestError 502 with the reason */
export type FetchWeights = (id: string, tell: (sentence: string) => void) => Promise<void>;

const LOOK_EVERY_MS = 500;
const MIB = 1024 * 1024;

/** Gets weights by the pulls of this server, of which somebody else may have begun one. */
export function fetchByPulls(pulls: Pulls, clock: Clock): FetchWeights {
  return async (id, tell) => {
    const ofId = () => pulls.list().find((pull) => pull.id === id);
    if (ofId()?.state !== "running") pulls.start(id, false);
    for (let pull = ofId(); pull !== undefined; pull = ofId()) {
      if (pull.state === "failed") throw new RequestError(502, `${id} could not be pulled: ${pull.fault}`);
      tell(`Downloading: ${Math.floor(pull.doneBytes / MIB)} of ${Math.ceil(pull.totalBytes / MIB)} MiB`);
      await new Promise<void>((resolve) => void clock.after(LOOK_EVERY_MS, resolve));
    }
  };
}
