import { readFileSync } from "node:fs";
import type { Clock } from "../../../platform/clock";
import { ownCommand, startChildProcess } from "../../../platform/compute/childProcess";
import { PermanentError } from "../../../platform/simulations";
import { ProcessLost } from "../running/processLost";

export interface PluginCall {
  kind: "plugins.describe" | "plugins.simulate" | "plugins.report";
  input: unknown;
  bulk: readonly Uint8Array[];
  signal: AbortSignal;
  clock: Clock;
  memoryMb: number;
  /** Receives what the plug-in tells on its way. */
  onNote?: (note: unknown, bulk: readonly Uint8Array[]) => void;
}

export interface PluginAnswer {
  value: unknown;
  bulk: Uint8Array[];
}

const WATCH_EVERY_MS = 100;
const PAGE_BYTES = 4096;

/**
 * Runs one piece of a plug-in in a process of its own, which ends with it.
 * @throws ProcessLost when the process ended without an answer; PermanentError when it took too much memory or could
 * not be understood; the signal's reason when aborted.
 */
export function callPlugin({ kind, input, bulk, signal, clock, memoryMb, onNote }: PluginCall): Promise<PluginAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<PluginAnswer>();
  let cancelWatch: (() => void) | undefined;
  const child = startChildProcess({
    command: [...ownCommand(), "--child", "plugin"],
    environment: { PATH: process.env["PATH"], HOME: process.env["HOME"], TMPDIR: process.env["TMPDIR"] },
    onReady: () => child.run(1, kind, input, bulk),
    onAnswer(answer, frames) {
      if (answer.type === "partial") onNote?.(answer.value, frames);
      else if (answer.type === "failed") reject(new PermanentError(answer.message));
      else resolve({ value: answer.value, bulk: frames });
    },
    onEnd({ exitCode, signal: killedBy, lastLines }) {
      const how = killedBy ?? `code ${exitCode}`;
      reject(new ProcessLost(`The plug-in's process ended with ${how}. ${lastLines.slice(-3).join(" | ")}`));
    },
  });
  const watch = () => {
    if (residentMb(child.pid) > memoryMb) {
      reject(
        new PermanentError(`The plug-in took more than ${memoryMb} MB of memory (PLUGIN_MEMORY_MB) and was ended.`),
      );
      child.kill();
    }
    cancelWatch = clock.after(WATCH_EVERY_MS, watch);
  };
  watch();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  return promise.finally(() => {
    cancelWatch?.();
    signal.removeEventListener("abort", onAbort);
    child.kill();
  });
}

/** Memory of a process in MB; 0 where the system does not tell. */
function residentMb(pid: number): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
    return (pages * PAGE_BYTES) / 1e6;
  } catch {
    return 0;
  }
}
