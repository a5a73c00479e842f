import type { Config } from "../../../config/settings";
import type { Clock } from "../../../platform/clock";
import type { Check, Finding } from "../../../platform/doctor/check";
import { type HistoryAtStart, historyAtStart } from "./historyAtStart";
import { ageDaysOf } from "./reanchor";

const FRESH_DAYS = 7;

/** Whether the history that forecasts start from can be used, and how old it is. */
export function historyCheck(config: Pick<Config, "FILECOIN_HISTORY_FILE" | "DATA_DIR">, clock: Clock): Check {
  const today = () => new Date(clock.now()).toISOString().slice(0, 10);
  return { name: "history", run: async () => findingOn(await historyAtStart(config), today()) };
}

/** `today` is `YYYY-MM-DD`, UTC. */
function findingOn({ history }: HistoryAtStart, today: string): Finding {
  const { source, startDate, currentDate } = history;
  const ageDays = ageDaysOf(history, today);
  const fresh = ageDays <= FRESH_DAYS;
  return {
    outcome: fresh ? "works" : "limited",
    found: `source ${source}, ${startDate} to ${currentDate}, ${ageDays} days old`,
    advice: fresh ? null : "Forecasts start where it ends; give a current one with --history FILE.",
    figures: { source, startDate, currentDate, ageDays },
  };
}
