import type { Platform } from "../../../platform/platform";
import { cachePath } from "../history/cache";
import { createHistoryKeeper, type HistoryKeeper } from "../history/keeper";
import { sampleHistory } from "../history/sample";
import type { HistorySnapshot } from "../history/snapshot";
import { createSpacescope } from "./client";
import { loadHistory } from "./load";
import { spacescopeToken } from "./token";

/**
 * The keeper of the history that the settings ask for. `file` is the history that a file holds, where one was named.
 * @throws UsageError when the token or its file cannot be used.
 */
export function historyKeeper(
  { config, clock, random, log, dataDir }: Pick<Platform, "config" | "clock" | "random" | "log" | "dataDir">,
  file: HistorySnapshot | undefined,
  onSnapshot: (snapshot: HistorySnapshot) => void,
): HistoryKeeper {
  const authorization = spacescopeToken({ token: config.SPACESCOPE_TOKEN, authFile: config.SPACESCOPE_AUTH_FILE });
  const startDate = config.HISTORY_START_DATE;
  return createHistoryKeeper({
    file,
    cachePath: cachePath(dataDir),
    fetchHistory:
      authorization === undefined
        ? undefined
        : (today, signal, onProgress) => {
            const spacescope = createSpacescope({ baseUrl: config.SPACESCOPE_URL, authorization, clock, random });
            return loadHistory({ spacescope, startDate, today, signal, onProgress });
          },
    startDate,
    fallback: config.HISTORY_FALLBACK,
    outdated: config.HISTORY_REANCHOR ? "reanchored" : "asItIs",
    schedule: config.RELOAD_TEST_MODE ? { kind: "trial" } : { kind: "daily", atMinutesUtc: config.RELOAD_TRIGGER },
    sample: sampleHistory,
    clock,
    log,
    onSnapshot,
  });
}
