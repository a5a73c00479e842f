import type { ListedWorker } from "../../src/systems/market/schema/workers";
import type { Tone } from "../common/badge";

/** What is said of a worker in a few words, and what follows from its figures (docs/market.md, The pages). */

/** A worker without a sign of life for this long is not online. */
const ONLINE_S = 90;
const HASHES_PER_MHASH = 1e6;

/** What tells whether a worker is there. */
type Sighting = Pick<ListedWorker, "state" | "last_heartbeat">;

/** Whether it was heard of late and has not said goodbye since. */
export function isOnline({ state, last_heartbeat }: Sighting, serverNowS: number): boolean {
  return state !== "offline" && serverNowS - last_heartbeat < ONLINE_S;
}

/** XNM for a million hashes at its price and its rate; null while it has told no rate. */
export function xnmPerMhash({
  price_per_min,
  hashrate,
}: Pick<ListedWorker, "price_per_min" | "hashrate">): number | null {
  return hashrate > 0 ? (price_per_min / 60 / hashrate) * HASHES_PER_MHASH : null;
}

export interface Situation {
  word: "free" | "rented" | "away" | "busy" | "error";
  tone: Tone;
}

/** Whether it can be had, by its state and by whether it is online. */
export function situationOf(worker: Sighting, serverNowS: number): Situation {
  if (!isOnline(worker, serverNowS)) return { word: "away", tone: "stale" };
  if (worker.state === "AVAILABLE") return { word: "free", tone: "good" };
  if (worker.state === "ERROR") return { word: "error", tone: "fault" };
  if (worker.state === "LEASED" || worker.state === "MINING") return { word: "rented", tone: "plain" };
  return { word: "busy", tone: "plain" };
}

/** The kinds of GPU with their number, most first: `2 × RTX 4090, RTX 3080`. */
export function gpuWords(gpus: readonly unknown[]): string {
  return gpuKinds(gpus).join(", ");
}

/** The same one by one. */
export function gpuKinds(gpus: readonly unknown[]): string[] {
  const counts = new Map<string, number>();
  for (const gpu of gpus) {
    const name = gpuName(gpu);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const kinds = [...counts].sort(([, a], [, b]) => b - a);
  return kinds.map(([name, count]) => (count > 1 ? `${count} × ${name}` : name));
}

/** What the maker's name adds nothing to. */
export function gpuName(gpu: unknown): string {
  const name = typeof gpu === "object" && gpu !== null && "name" in gpu ? gpu.name : undefined;
  if (typeof name !== "string" || name.trim() === "") return "unnamed GPU";
  return name.replaceAll("NVIDIA ", "").replaceAll("GeForce ", "");
}
