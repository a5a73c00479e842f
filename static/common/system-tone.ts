import type { SystemCard } from "./api";
import type { Tone } from "./badge";

/** How the state of a system is shown: the word says it, the tone repeats it. */
export function systemTone(status: SystemCard["status"]): Tone {
  const tones: Record<SystemCard["status"], Tone> = {
    healthy: "good",
    loading: "plain",
    degraded: "stale",
    unhealthy: "fault",
  };
  return tones[status];
}
