import type { Overview, RatePoint } from "../../src/systems/broker/schema";
import { getJson } from "../common/api";
import { openLive } from "../common/live";
import { createStore } from "../common/store";

/** What the broker last said of itself; null until it has. */
export const overview = createStore<Overview | null>(null);

/** The last five minutes by the second, oldest first, as far as they are known. */
export const rates = createStore<readonly RatePoint[]>([]);

const MAX_POINTS = 300;
/** A point that is this much later than the one before it has others between them, which the server knows. */
const GAP_MS = 2500;

openLive("/api/broker/events", {
  onMessage({ data }) {
    const next = data as Overview;
    overview.set(next);
    if (next.now !== null) add(next.now);
  },
});

function add(point: RatePoint): void {
  const known = rates.get();
  const last = known.at(-1);
  if (last === undefined || point.timeMs - last.timeMs > GAP_MS) void fill();
  else if (point.timeMs > last.timeMs) rates.set([...known.slice(1 - MAX_POINTS), point]);
}

/** What is missed here is asked for anew at the next point, since the gap stays. */
async function fill(): Promise<void> {
  const all = await getJson<RatePoint[]>("/api/broker/rates").catch(() => undefined);
  if (all !== undefined) rates.set(all);
}
