import type { Config } from "../../../config/settings";
import type { Platform } from "../../../platform/platform";
import { cachePath } from "../history/cache";
import { createHistoryKeeper, type FetchHistory, type HistoryKeeper } from "../history/keeper";
import { sampleHistory } from "../history/sample";
import type { HistorySnapshot } from "../history/snapshot";
import { createSpacescope } from "./client";
import { loadHistory } from "./load";
import { spacescopeToken } from "./token";

type SourceSettings = Pick<
  Config,
  "SPACESCOPE_TOKEN" | "SPACESCOPE_AUTH_FILE" | "SPACESCOPE_URL" | "FILECOIN_HISTORY_START_DATE"
>;

/**
 * What fetches a history from Spacescope as the settings say; undefined without a token.
 * @throws UsageError when the token or its file cannot be used.
 */
export function fetchFromSpacescope(
  settings: SourceSettings,
  { clock, random }: Pick<Platform, "clock" | "random">,
): FetchHistory | undefined {
  const authorization = spacescopeToken({ token: settings.SPACESCOPE_TOKEN, authFile: settings.SPACESCOPE_AUTH_FILE });
  if (authorization === undefined) return undefined;
  return (today, signal, onProgress) => {
    const spacescope = createSpacescope({ baseUrl: settings.SPACESCOPE_URL, authorization, clock, random });
    return loadHistory({ spacescope, startDate: settings.FILECOIN_HISTORY_START_DATE, today, signal, onProgress });
  };
}

/**
 * The keeper of the history that the settings ask for. `file` is the history that a file holds, where one was named.
 * @throws UsageError when the token or its file cannot be used.
 */
export function historyKeeper(
  { config, clock, random, log, dataDir }: Pick<Platform, "config" | "clock" | "random" | "log" | "dataDir">,
  file: HistorySnapshot | undefined,
  onSnapshot: (snapshot: HistorySnapshot) => void,
): HistoryKeeper {
  return createHistoryKeeper({
    file,
    cachePath: cachePath(dataDir),
    fetchHistory: fetchFromSpacescope(config, { clock, random }),
    startDate: config.FILECOIN_HISTORY_START_DATE,
    fallback: config.FILECOIN_HISTORY_FALLBACK,
    outdated: config.FILECOIN_HISTORY_REANCHOR ? "reanchored" : "asItIs",
    schedule: config.FILECOIN_RELOAD_TEST_MODE
      ? { kind: "trial" }
      : { kind: "daily", atMinutesUtc: config.FILECOIN_RELOAD_TRIGGER },
    sample: sampleHistory,
    clock,
    log,
    onSnapshot,
  });
}
