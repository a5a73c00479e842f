import { Cron } from "croner";

/** What is wrong with a pattern or a zone; undefined when both are good. */
export function scheduleFault(cron: string, zone: string): { member: "cron" | "zone"; reason: string } | undefined {
  if (!isZone(zone)) return { member: "zone", reason: `${zone} is no IANA time zone` };
  try {
    parse(cron, zone);
    return undefined;
  } catch (error) {
    return { member: "cron", reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The first time after `afterMs`, in milliseconds since the epoch; null when there is none. A time of day that the
 * clocks leave out when they go forward counts once, right after the gap; one that comes twice when they go back counts
 * once.
 */
export function nextRunMs(cron: string, zone: string, afterMs: number): number | null {
  return parse(cron, zone).nextRun(new Date(afterMs))?.getTime() ?? null;
}

function parse(cron: string, zone: string): Cron {
  return new Cron(cron, { timezone: zone, paused: true });
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
