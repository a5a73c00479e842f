import type { Config } from "../../../../config/settings";
import type { Clock } from "../../../../platform/clock";
import type { Check, Finding } from "../../../../platform/doctor/check";
import type { CardState } from "./card";
import { machineCard } from "./machineCard";

/** What the card of this machine is worth for batches: it is tried on known runs, and timed. */
export function cardCheck(config: Pick<Config, "GPU">, clock: Clock): Check {
  return {
    name: "GPU engine",
    async run() {
      const { card, stop } = machineCard(config, clock, () => undefined);
      try {
        return findingOn(await card.tried());
      } finally {
        await stop();
      }
    },
  };
}

function findingOn(state: CardState): Finding {
  if (state.phase !== "ready") {
    const { adapter, reason } = state.phase === "unusable" ? state : { adapter: null, reason: "it was not tried" };
    const isWrong = adapter !== null;
    return {
      outcome: isWrong ? "limited" : "missing",
      found: isWrong ? `${adapter} is not used: ${reason}; the CPU does the same work` : `none: ${reason}`,
      advice: isWrong ? "Update its driver." : null,
      figures: { adapter, runsPerS: null },
    };
  }
  const { adapter, isSoftware, runsPerS, leastMs } = state;
  const found = isSoftware
    ? `${adapter} computes on the CPU, where the engine of 64 bits is faster`
    : `${adapter}: ${Math.round(runsPerS).toLocaleString("en")} ten-year runs/s, a batch takes ${leastMs.toFixed(0)} ms at least`;
  return { outcome: isSoftware ? "limited" : "works", found, advice: null, figures: { adapter, runsPerS, leastMs } };
}
