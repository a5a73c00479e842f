import { hoursUntil } from "../../engine/calendar";
import type { NumberOf } from "../../engine/condition";
import { SourceError } from "../../syntax/source";
import { MONTHS } from "../../syntax/tokens";
import { numberOf } from "../context";
import { type FunctionEntry, numeric, ofNumbers, plain } from "./entry";

const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** 1 where today is between two dates of a year, both included; the range may go over new year. */
const isDateInRange: FunctionEntry = {
  takes: [2, 2],
  compile({ world }, [first, last]) {
    const numbers = [first!, last!].map((arg) => {
      if (arg.kind !== "date") throw new SourceError(arg.at, "a date such as Dec-20 is needed here");
      if (arg.day < 1 || arg.day > DAYS_OF_MONTH[arg.month - 1]!)
        throw new SourceError(arg.at, "no month has such a date");
      return arg.month * 100 + arg.day;
    });
    const [from, to] = numbers as [number, number];
    const { calendar } = world;
    return numeric(() => {
      const today = calendar.month[world.day]! * 100 + calendar.date[world.day]!;
      const inside = from <= to ? today >= from && today <= to : today >= from || today <= to;
      return inside ? 1 : 0;
    });
  },
};

/** `until(8pm)`, the next such hour; `until(Jan,1)`, with an hour behind, with a year before: hours from now to the next such time. */
const until: FunctionEntry = {
  takes: [1, 4],
  compile(compiler, args, at) {
    const { world } = compiler;
    const [first] = args;
    if (args.length === 1) {
      const hourOfDay = numberOf(compiler, first!);
      return numeric((agent) => 24 - ((((world.hour - hourOfDay(agent)) % 24) + 24) % 24));
    }
    const withYear = args.length > 2 && !(first!.kind === "name" && MONTHS.includes(first!.name));
    if (args.length === 4 && !withYear) throw new SourceError(at, "until takes year, month, date and hour");
    const [month, date, hour] = args.slice(withYear ? 1 : 0).map((arg) => numberOf(compiler, arg));
    const year = withYear ? numberOf(compiler, args[0]!) : undefined;
    const fixedHour: NumberOf = hour ?? (() => 0);
    return numeric((agent) =>
      hoursUntil(world.calendar, world.hour, year?.(agent), month!(agent), date!(agent), fixedHour(agent)),
    );
  },
};

export const calendarFunctions: Readonly<Record<string, FunctionEntry>> = {
  year: plain(
    ({ world }) =>
      () =>
        world.calendar.year[world.day]!,
  ),
  month: plain(
    ({ world }) =>
      () =>
        world.calendar.month[world.day]!,
  ),
  day: plain(
    ({ world }) =>
      () =>
        world.calendar.date[world.day]!,
  ),
  day_of_month: plain(
    ({ world }) =>
      () =>
        world.calendar.date[world.day]!,
  ),
  day_of_week: plain(
    ({ world }) =>
      () =>
        world.calendar.weekday[world.day]!,
  ),
  day_of_year: plain(
    ({ world }) =>
      () =>
        world.calendar.dayOfYear[world.day]!,
  ),
  date: plain(({ world }) => () => {
    const { year, month, date } = world.calendar;
    return year[world.day]! * 10_000 + month[world.day]! * 100 + date[world.day]!;
  }),
  hour: plain(
    ({ world }) =>
      () =>
        world.hour % 24,
  ),
  today: plain(
    ({ world }) =>
      () =>
        world.day,
  ),
  sim_day: plain(
    ({ world }) =>
      () =>
        world.day,
  ),
  now: plain(
    ({ world }) =>
      () =>
        world.hour,
  ),
  sim_step: plain(
    ({ world }) =>
      () =>
        world.hour,
  ),
  is_date_in_range: isDateInRange,
  is_leap_year: ofNumbers([1, 1], ([year]) => (agent) => {
    const y = year!(agent);
    return (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0 ? 1 : 0;
  }),
  until,
};
