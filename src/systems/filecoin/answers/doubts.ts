import { isoDateOf } from "../../../numeric/calendar";
import type { HistorySnapshot } from "../history/snapshot";
import { PIB_PER_EIB } from "../model/constants";
import type { Forecast } from "../model/forecast";
import type { Scenario } from "../scenario";

/** What of a run cannot be, though the formulas give it: a sentence for each, for whoever reads the result. */
export function doubtsOf(run: Forecast, { model }: Scenario): string[] {
  return [...impossiblePower(run), ...(model === "schedule" ? impossibleSchedule(run.engine.history) : [])];
}

function impossiblePower({ engine, lengths }: Forecast): string[] {
  const { rawEib, qaEib } = engine.power;
  for (let i = engine.historyDays + 1; i < lengths.total; i++) {
    const least = Math.min(rawEib[i]!, qaEib[i]!);
    if (least > 0) continue;
    const what = least < 0 ? "falls below zero" : "is used up";
    const from = isoDateOf(engine.startDay + i);
    return [
      `Power ${what} on ${from}: figures from that day on mean nothing. Raise rbp or rr, or the sector duration.`,
    ];
  }
  return [];
}

const sums = new WeakMap<HistorySnapshot, string[]>();

/** A table in which more expires than there is counts some power twice. */
function impossibleSchedule(history: HistorySnapshot): string[] {
  const known = sums.get(history);
  if (known !== undefined) return known;
  const kinds = [
    ["raw", history.scheduledExpireRawPib, history.rawPowerTodayPib],
    ["quality-adjusted", history.scheduledExpireQaPib, history.qaPowerTodayPib],
  ] as const;
  const found = kinds.flatMap(([kind, table, todayPib]) => {
    const due = table.reduce((sum, pib) => sum + pib, 0);
    if (due <= todayPib) return [];
    const [expires, is] = [due, todayPib].map((pib) => `${(pib / PIB_PER_EIB).toFixed(2)} EiB`);
    return [`The table of known expirations holds ${expires} of ${kind} power, more than the ${is} there are.`];
  });
  sums.set(history, found);
  return found;
}
