import type { Calendar } from "../engine/calendar";
import type { World } from "../engine/world";
import { OUTSIDE } from "../people/population";
import { textOf } from "../text";
import { networkText } from "./networks";

/** Lines of files by their paths. */
type Lines = Map<string, string[]>;

const pad = (value: number, digits: number) => String(value).padStart(digits, "0");

function add(lines: Lines, path: string, day: number, value: string | number): void {
  const file = lines.get(path);
  if (file === undefined) lines.set(path, [`${day} ${value}`]);
  else file.push(`${day} ${value}`);
}

/** Takes the figures of the day that has just ended, and begins to count anew. Gives the day's date. */
export function takeDay(world: World, lines: Lines): string {
  const { day, calendar, conditions, population } = world;
  const date = dateDay(lines, calendar, day, population.people - world.deaths);
  for (const { name, stateNames, counts, entries, totals, exposures, exposedState } of conditions) {
    if (exposedState >= 0) exposureDay(lines, world, name, exposures);
    for (const [state, stateName] of stateNames.entries()) {
      totals[state]! += entries[state]!;
      countDay(lines, day, name, stateName, [counts[state]!, entries[state]!, totals[state]!]);
    }
    entries.fill(0);
  }
  takeVariables(world, lines);
  // The client asks for the network of the last day where no day is named.
  const isLast = day === calendar.days - 1 || world.stopped;
  for (const network of world.networks)
    if (network.outputInterval > 0 && (isLast || day % network.outputInterval === 0))
      lines.set(`NETWORKS/${network.name}-${day}.gv`, networkText(network));
  return date;
}

/** Who was exposed on a day, by the kind of place and the network, and from outside; begins to count anew. */
function exposureDay(lines: Lines, { day, population, model }: World, condition: string, exposures: Int32Array): void {
  const path = `EXPOSURES/${condition}.csv`;
  const names = [...population.places, ...model.networks].map(({ name }) => name);
  const file = lines.get(path) ?? [["day", ...names, OUTSIDE].join(",")];
  lines.set(path, file);
  file.push(`${day},${exposures.join(",")}`);
  exposures.fill(0);
}

/** A day's date, which it gives, its week and how many people there are. */
export function dateDay(lines: Lines, calendar: Calendar, day: number, people: number): string {
  const date = `${pad(calendar.year[day]!, 4)}-${pad(calendar.month[day]!, 2)}-${pad(calendar.date[day]!, 2)}`;
  add(lines, "DAILY/Date.txt", day, date);
  add(lines, "DAILY/EpiWeek.txt", day, epiWeek(calendar.startDay + day));
  add(lines, "DAILY/Popsize.txt", day, people);
  return date;
}

/** Who is in a state after a day, who came that day, and who came so far. */
export function countDay(
  lines: Lines,
  day: number,
  condition: string,
  state: string,
  [there, came, total]: readonly [there: number, came: number, total: number],
): void {
  add(lines, `DAILY/${condition}.${state}.txt`, day, there);
  add(lines, `DAILY/${condition}.new${state}.txt`, day, came);
  add(lines, `DAILY/${condition}.tot${state}.txt`, day, total);
}

const isDue = (interval: number, day: number, days: number) => (interval > 0 ? day % interval === 0 : day === days - 1);

function takeVariables(
  { model, day, calendar, shared, sharedLists, sharedTables, sharedListTables, printed }: World,
  lines: Lines,
): void {
  const listText = (name: string, list: readonly number[]) => {
    if (list.some((value) => value < 0))
      printed.warnings.add(`${name} holds a number below 0, and the client reads no list with one`);
    return `[${list.map(listMember).join(",")}]`;
  };
  for (const { name, shape, slot, output, outputInterval } of model.variables.values()) {
    if (!output || !isDue(outputInterval, day, calendar.days)) continue;
    if (shape === "numeric") add(lines, `VARIABLES/numeric.${name}.csv`, day, textOf(shared[slot]!));
    if (shape === "list") {
      const path = `VARIABLES/list.${name}.csv`;
      // The client cannot read an empty list.
      if (sharedLists[slot]!.length === 0) continue;
      const file = lines.get(path) ?? ["day,value"];
      lines.set(path, file);
      file.push(`${day},"${listText(name, sharedLists[slot]!)}"`);
    }
    if (shape === "table") {
      const rows = [...sharedTables[slot]!].map(([key, value]) => `${textOf(key)},${textOf(value)}`);
      lines.set(`VARIABLES/table.${name}-${day}.csv`, ["key,value", ...rows]);
    }
    if (shape === "list_table") {
      const rows = [...sharedListTables[slot]!].filter(([, list]) => list.length > 0);
      const cells = rows.map(([key, list]) => `${textOf(key)},"${listText(name, list)}"`);
      lines.set(`VARIABLES/list_table.${name}-${day}.csv`, ["key,value", ...cells]);
    }
  }
}

/** A member of a list as the client takes it: six decimals and no exponent. */
function listMember(value: number): string {
  // From here on toFixed writes an exponent, and every number is whole.
  return Math.abs(value) < 1e21 || !Number.isFinite(value) ? value.toFixed(6) : `${BigInt(value)}.000000`;
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
