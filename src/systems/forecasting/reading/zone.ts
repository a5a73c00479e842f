import { RequestError } from "../../../platform/errors";

const DAY_MS = 86_400_000;
/** Offsets that are kept of a zone. */
const MAX_OFFSETS = 100_000;

/** A time zone as its clocks show it. Times are milliseconds; a wall time is what a clock shows, counted as if it were UTC. */
export interface Zone {
  name: string;
  /** What its clocks are ahead of UTC at an instant. */
  offsetMs(instant: number): number;
  /**
   * The instant at which its clocks show a wall time: of the hour that comes twice the one asked for; of one that clocks
   * skip the instant as if they had not.
   */
  instantOf(wall: number, which: "first" | "second"): number;
}

const known = new Map<string, Zone>();

/** @throws RequestError 422 for a name that no zone has */
export function zoneOf(name: string): Zone {
  const zone = known.get(name) ?? newZone(name);
  // The names are those of a list: what is kept cannot grow beyond it.
  known.set(name, zone);
  return zone;
}

function newZone(name: string): Zone {
  const offsetMs = cachedOffsets(formatOf(name));
  return {
    name,
    offsetMs,
    instantOf(wall, which) {
      const before = wall - offsetMs(wall - DAY_MS);
      const after = wall - offsetMs(wall + DAY_MS);
      const fit = [before, after].filter((instant) => instant + offsetMs(instant) === wall);
      if (fit.length === 0) return before;
      return which === "first" ? Math.min(...fit) : Math.max(...fit);
    },
  };
}

function formatOf(name: string): Intl.DateTimeFormat {
  const parts = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
  try {
    return new Intl.DateTimeFormat("en-US", {
      ...parts,
      timeZone: name,
      hourCycle: "h23",
      second: "numeric",
      era: "short",
    });
  } catch {
    throw new RequestError(422, `There is no time zone ${JSON.stringify(name)}: give a name such as Europe/Berlin.`);
  }
}

function offsetOf(format: Intl.DateTimeFormat, instant: number): number {
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const number = (type: string) => Number(parts[type]);
  const year = parts["era"] === "BC" ? 1 - number("year") : number("year");
  const wall = Date.UTC(year, number("month") - 1, number("day"), number("hour"), number("minute"), number("second"));
  return wall - Math.floor(instant / 1000) * 1000;
}

/** Formatting an instant is slow, and offsets hold for months: days are asked once, their minutes where the two ends differ. */
function cachedOffsets(format: Intl.DateTimeFormat): (instant: number) => number {
  const offsets = new Map<number, number>();
  const at = (instant: number): number => {
    const offset = offsets.get(instant) ?? offsetOf(format, instant);
    if (offsets.size < MAX_OFFSETS) offsets.set(instant, offset);
    return offset;
  };
  return (instant) => {
    const day = Math.floor(instant / DAY_MS) * DAY_MS;
    const [start, end] = [at(day), at(day + DAY_MS)];
    return start === end ? start : at(Math.floor(instant / 60_000) * 60_000);
  };
}
