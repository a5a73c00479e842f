import { refusal } from "./batch/request/refusal";
import type { Scenario } from "./scenario";

/** What tells when power and pledge end, which nothing asks where they are lost by shares. */
const IDLE = ["sector_duration_days", "known_trim", "known_expirations"] as const;

/**
 * Refuses what has no effect in the model of a scenario, lest somebody takes the result for an answer to it.
 * @param stated what the caller stated: members, or what holds inputs by name
 * @throws RequestError 422
 */
export function refuseIdle({ model }: Scenario, stated: object, place: readonly string[] = []): void {
  if (model !== "attrition") return;
  const idle = IDLE.find((name) => (stated as Partial<Record<string, unknown>>)[name] != null);
  if (idle === undefined) return;
  const expected = "nothing, since it has no effect where power is lost by shares (ask for model schedule)";
  throw refusal([...place, idle], expected, "a value");
}
