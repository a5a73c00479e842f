import type { Clock } from "../clock";
import type { Finding } from "./check";

/** Where the history comes from and which days it covers, `YYYY-MM-DD`. */
export interface HistoryFacts {
  source: string;
  startDate: string;
  currentDate: string;
}

const MS_PER_DAY = 86_400_000;
const FRESH_DAYS = 7;

/** How old the history is that forecasts start from. */
export function checkHistory({ source, startDate, currentDate }: HistoryFacts, clock: Clock): Finding {
  const ageDays = Math.floor((clock.now() - Date.parse(currentDate)) / MS_PER_DAY);
  const fresh = ageDays <= FRESH_DAYS;
  return {
    outcome: fresh ? "works" : "limited",
    found: `source ${source}, ${startDate} to ${currentDate}, ${ageDays} days old`,
    advice: fresh ? null : "Forecasts start where it ends; give a current one with --history FILE.",
    figures: { source, startDate, currentDate, ageDays },
  };
}
