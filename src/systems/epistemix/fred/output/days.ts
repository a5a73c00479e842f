import type { World } from "../engine/world";
import { textOf } from "../text";

/** Daily figures of a run, gathered after each day. */
export interface DailyFigures {
  /** Lines by the path of their file. */
  lines: Map<string, string[]>;
}

const pad = (value: number, digits: number) => String(value).padStart(digits, "0");

/** Takes the figures of the day that has just ended, and begins to count anew. */
export function takeDay(world: World, lines: Map<string, string[]>): void {
  const { day, calendar, conditions, population } = world;
  const add = (path: string, value: string | number) => {
    const file = lines.get(path);
    if (file === undefined) lines.set(path, [`${day} ${value}`]);
    else file.push(`${day} ${value}`);
  };
  const date = `${pad(calendar.year[day]!, 4)}-${pad(calendar.month[day]!, 2)}-${pad(calendar.date[day]!, 2)}`;
  add("DAILY/Date.txt", date);
  add("DAILY/EpiWeek.txt", epiWeek(calendar.startDay + day));
  add("DAILY/Popsize.txt", population.people - world.deaths);
  for (const { name, stateNames, counts, entries, totals } of conditions) {
    for (const [state, stateName] of stateNames.entries()) {
      totals[state]! += entries[state]!;
      add(`DAILY/${name}.${stateName}.txt`, counts[state]!);
      add(`DAILY/${name}.new${stateName}.txt`, entries[state]!);
      add(`DAILY/${name}.tot${stateName}.txt`, totals[state]!);
    }
    entries.fill(0);
  }
  takeVariables(world, add, lines);
}

const isDue = (interval: number, day: number, days: number) => (interval > 0 ? day % interval === 0 : day === days - 1);

function takeVariables(
  { model, day, calendar, shared, sharedLists, sharedTables, sharedListTables }: World,
  add: (path: string, value: string) => void,
  lines: Map<string, string[]>,
): void {
  for (const { name, shape, slot, output, outputInterval } of model.variables.values()) {
    if (!output || !isDue(outputInterval, day, calendar.days)) continue;
    if (shape === "numeric") add(`VARIABLES/numeric.${name}.csv`, textOf(shared[slot]!));
    if (shape === "list") {
      const path = `VARIABLES/list.${name}.csv`;
      // The client cannot read an empty list.
      if (sharedLists[slot]!.length === 0) continue;
      const file = lines.get(path) ?? ["day,value"];
      lines.set(path, file);
      file.push(`${day},"${listText(sharedLists[slot]!)}"`);
    }
    if (shape === "table") {
      const rows = [...sharedTables[slot]!].map(([key, value]) => `${textOf(key)},${textOf(value)}`);
      lines.set(`VARIABLES/table.${name}-${day}.csv`, ["key,value", ...rows]);
    }
    if (shape === "list_table") {
      const rows = [...sharedListTables[slot]!].filter(([, list]) => list.length > 0);
      const cells = rows.map(([key, list]) => `${textOf(key)},"${listText(list)}"`);
      lines.set(`VARIABLES/list_table.${name}-${day}.csv`, ["key,value", ...cells]);
    }
  }
}

/** A list as the client takes it: six decimals, no space, no exponent. */
function listText(list: readonly number[]): string {
  return `[${list.map((value) => value.toFixed(6)).join(",")}]`;
}

const DAYS_OF_WEEK = 7;

/**
 * Year and week as epidemiologists count: weeks begin on Sunday, and the first of a year has four of its days at
 * least. Source: CDC, National Notifiable Diseases Surveillance System, "MMWR weeks".
 *
 * @param day days since 1970
 */
export function epiWeek(day: number): string {
  // 1970-01-01 was a Thursday; the Wednesday of a week says which year it belongs to.
  const weekday = (((day + 4) % DAYS_OF_WEEK) + DAYS_OF_WEEK) % DAYS_OF_WEEK;
  const wednesday = day - weekday + 3;
  const year = new Date(wednesday * 86_400_000).getUTCFullYear();
  const firstDay = Date.UTC(year, 0, 1) / 86_400_000;
  return `${year}.${pad(Math.floor((wednesday - firstDay) / DAYS_OF_WEEK) + 1, 2)}`;
}
