import { port as portKind } from "../../config/kinds";
import { settingEntries } from "../../config/load";
import type { Config } from "../../config/settings";
import { messageOf } from "../errors";
import type { Finding } from "./check";

type PortState = "free" | "taken" | "foresight";

interface PortUse {
  setting: string;
  port: number;
  state: PortState;
  /** Why the port cannot be had, where it can not. */
  reason: string | null;
}

const ANSWER_TIMEOUT_MS = 1000;

/** Whether the ports of the settings can be had, or a Foresight already answers there. */
export async function checkPorts(config: Config): Promise<Finding> {
  const ports = settingEntries.filter(([, { kind }]) => kind === portKind).map(([name]) => name);
  const served = await answersAsForesight(config.HOST, config.PORT);
  const found = ports.flatMap((setting) => {
    const port = config[setting];
    return typeof port === "number" && port > 0 ? [portUse(setting, port, config.HOST, served)] : [];
  });
  const taken = found.filter(({ state }) => state === "taken");
  return {
    outcome: taken.length > 0 ? "fails" : "works",
    found: found.map(portText).join(", ") || "any free ones",
    advice:
      taken.length === 0 ? null : `Stop what holds it, or set another ${taken.map((one) => one.setting).join(", ")}.`,
    figures: Object.fromEntries(found.map(({ setting, state }) => [setting, state])),
  };
}

/** While a Foresight serves with these settings, the other ports that it names are its own too. */
function portUse(setting: string, port: number, hostname: string, served: boolean): PortUse {
  const reason = whyNotFree(hostname, port);
  const state = reason === null ? "free" : served ? "foresight" : "taken";
  return { setting, port, state, reason };
}

function portText({ setting, port, state, reason }: PortUse): string {
  const texts: Record<PortState, string> = {
    free: "free",
    foresight: "served by a running Foresight",
    taken: reason ?? "taken",
  };
  return `${setting} ${port} ${texts[state]}`;
}

function whyNotFree(hostname: string, port: number): string | null {
  try {
    Bun.listen({ hostname, port, socket: { data: () => undefined } }).stop(true);
    return null;
  } catch (error) {
    return (error as { code?: string }).code === "EADDRINUSE" ? "in use by another program" : messageOf(error);
  }
}

async function answersAsForesight(host: string, port: number): Promise<boolean> {
  const reachable = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  try {
    const answer = await fetch(`http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}/`, {
      headers: { accept: "application/json" },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const about: unknown = await answer.json();
    return typeof about === "object" && about !== null && "name" in about && about.name === "Foresight";
  } catch {
    // Nobody answers, or somebody who does not speak as we do.
    return false;
  }
}
