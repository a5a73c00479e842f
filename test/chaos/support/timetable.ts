import type { Clock } from "../../../src/platform/clock";
import type { Random } from "../../../src/platform/random";

/** Does something at a millisecond of virtual time. */
export type Timetable = (atMs: number, action: () => void) => void;

/** What falls on one millisecond happens in one turn of the event loop, or now and then in two. */
export function createTimetable(clock: Clock, random: Random): Timetable {
  const due = new Map<number, (() => void)[]>();

  function run(atMs: number): void {
    const list = due.get(atMs) ?? [];
    due.delete(atMs);
    while (list.length > 0) {
      list.shift()!();
      if (list.length > 0 && random.below(8) === 0) {
        due.set(atMs, [...list, ...(due.get(atMs) ?? [])]);
        clock.after(0, () => run(atMs));
        return;
      }
    }
  }

  return (atMs, action) => {
    const list = due.get(atMs);
    if (list !== undefined) {
      list.push(action);
      return;
    }
    due.set(atMs, [action]);
    clock.after(atMs - clock.now(), () => run(atMs));
  };
}
