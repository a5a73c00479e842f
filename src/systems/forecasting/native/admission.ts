import { RequestError } from "../../../platform/errors";
import { costOfClassical } from "../serving/cost";
import type { TaskSeries } from "./task";

/** How work was let in; `done` is called once, when nothing of it is left to do. */
export interface Admitted {
  priority: "interactive" | "batch";
  done: () => void;
}

export interface Admission {
  /**
   * Lets the work on some series in.
   * @param times how often each of them is forecast
   * @throws RequestError 503 with Retry-After where it would wait too long behind other batches
   */
  admit(series: readonly TaskSeries[], times: number): Admitted;
}

/** Work of so many milliseconds of one core lets others go before. */
const MAX_INTERACTIVE_MS = 2000;

/** @param workersNow threads that share the work; @param maxWaitS how long a batch may have to wait for those before it */
export function createAdmission(workersNow: () => number, maxWaitS: number): Admission {
  /** Milliseconds of one core of the batches that are being worked on. */
  let batchMs = 0;
  return {
    admit(series, times) {
      const costMs = times * costOfClassical(series);
      if (costMs <= MAX_INTERACTIVE_MS) return { priority: "interactive", done: () => undefined };
      const waitS = Math.ceil(batchMs / workersNow() / 1000);
      if (waitS > maxWaitS) {
        const told = `About ${waitS} s of forecasts are before this one; the limit is ${maxWaitS} s (COMPUTE_MAX_WAIT_S).`;
        throw new RequestError(503, `${told} Try again later.`, { retryAfterS: waitS });
      }
      batchMs += costMs;
      const done = () => {
        batchMs -= costMs;
      };
      return { priority: "batch", done };
    },
  };
}
