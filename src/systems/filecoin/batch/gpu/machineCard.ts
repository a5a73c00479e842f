import type { Config } from "../../../../config/settings";
import type { Clock } from "../../../../platform/clock";
import { type Child, createChild } from "../../../../platform/compute/child";
import { ownCommand } from "../../../../platform/compute/childProcess";
import { type Card, createCard, hasDriver } from "./card";

/** After so long without a batch the child ends, and the card's memory is free. */
const IDLE_MS = 60_000;
const STOP_GRACE_MS = 4000;

/** The card of this machine with the child that holds it. */
export interface MachineCard {
  card: Card;
  child: Child;
  /** Tries the card before the first batch, where this machine looks as if it had one. */
  warmUp(): void;
  stop(): Promise<void>;
}

/** Opens nothing yet: the child starts with the first thing that is asked of it. */
export function machineCard(
  { GPU }: Pick<Config, "GPU">,
  clock: Clock,
  onFault: (fault: string) => void,
  environment: Record<string, string | undefined> = process.env,
): MachineCard {
  const child = createChild({
    name: "GPU",
    command: [...ownCommand(), "--child", "gpu"],
    clock,
    environment,
    idleMs: IDLE_MS,
    onCrash: ({ exitCode, signal, lastLines }) =>
      onFault(`its process ended with ${signal ?? exitCode}: ${lastLines.at(-1) ?? "it said nothing"}`),
  });
  const card = createCard(child, onFault, GPU === "off" ? "GPU is set to off" : undefined);
  return {
    card,
    child,
    warmUp() {
      if (GPU === "auto" && hasDriver()) void card.tried();
    },
    async stop() {
      await child.stop(STOP_GRACE_MS);
    },
  };
}
