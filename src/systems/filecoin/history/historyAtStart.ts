import type { Config } from "../../../config/settings";
import { cachePath, type KeptHistory, readCache } from "./cache";
import { openHistory } from "./openHistory";
import type { HistorySnapshot } from "./snapshot";

/** The history that a service would serve first, and where it stands. */
export interface HistoryAtStart {
  history: HistorySnapshot;
  /** How it came to be kept, where it comes from the data folder. */
  kept: KeptHistory | undefined;
  /** A sentence on a kept history that cannot be used. */
  fault: string | undefined;
}

/**
 * The history that a command works on: of the file that the settings name, else the kept one, else the sample.
 * @throws UsageError when the named file cannot be used.
 */
export async function historyAtStart({
  FILECOIN_HISTORY_FILE,
  DATA_DIR,
}: Pick<Config, "FILECOIN_HISTORY_FILE" | "DATA_DIR">): Promise<HistoryAtStart> {
  const look = FILECOIN_HISTORY_FILE === undefined ? await readCache(cachePath(DATA_DIR)) : undefined;
  if (look?.found === "history") return { history: look.kept.history, kept: look.kept, fault: undefined };
  const fault = look?.found === "unusable" ? look.sentence : undefined;
  return { history: openHistory(FILECOIN_HISTORY_FILE), kept: undefined, fault };
}
