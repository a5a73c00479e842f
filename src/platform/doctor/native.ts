import type { Clock } from "../clock";
import { type Child, createChild } from "../compute/child";
import type { ChildEnd } from "../compute/childProcess";
import { messageOf } from "../errors";
import type { Finding } from "./check";
import type { GpuProbe, InferenceProbe } from "./probes";

/** How the children are started that try the native add-ons. */
export interface ProbingOptions {
  clock: Clock;
  environment: Record<string, string | undefined>;
  /** The program and its arguments for the child of that name. */
  command: (child: string) => readonly string[];
}

const TIMEOUT_MS = 20_000;
const MAX_ERROR = 1e-5;

/** Whether a GPU runs a kernel. None is needed: the engine of the CPU does the same work. */
export async function checkGpu(options: ProbingOptions): Promise<Finding> {
  return await inChild("gpu", "gpu.probe", options, (probe: GpuProbe) => {
    if (probe.adapter === null) {
      return {
        outcome: "missing",
        found: "none; the CPU does the same work",
        advice: null,
        figures: { adapter: null },
      };
    }
    const { description, vendor, architecture } = probe.adapter;
    const name = description || `${vendor} ${architecture}`;
    const right = probe.correct === probe.values;
    return {
      outcome: right ? "works" : "fails",
      found: `${name}; a kernel gave ${probe.correct} of ${probe.values} values right in ${probe.elapsedMs.toFixed(0)} ms`,
      advice: right ? null : "Do not trust this driver; update it.",
      figures: { adapter: name, correct: probe.correct, elapsedMs: probe.elapsedMs },
    };
  });
}

/** Whether the inference library runs a graph that is built in memory. */
export async function checkInference(options: ProbingOptions): Promise<Finding> {
  return await inChild("inference", "inference.probe", options, (probe: InferenceProbe) => {
    const { runtimeVersion, worstError, elapsedMs } = probe;
    const right = worstError <= MAX_ERROR;
    return {
      outcome: right ? "works" : "fails",
      found: `onnxruntime ${runtimeVersion}; a small graph is right within ${worstError.toExponential(0)} in ${elapsedMs.toFixed(0)} ms`,
      advice: right ? null : `An error of up to ${MAX_ERROR} was expected; forecasts would be wrong here.`,
      figures: { runtimeVersion, worstError, elapsedMs },
    };
  });
}

/** Asks a child of its own, and holds its end against it too: it must not crash on the way out. */
async function inChild<P>(
  name: string,
  kind: string,
  { clock, environment, command }: ProbingOptions,
  found: (probe: P) => Finding,
): Promise<Finding> {
  const ends: ChildEnd[] = [];
  const child = createChild({ name, command: command(name), clock, environment, onCrash: (end) => ends.push(end) });
  const finding = await ask(child, kind, found);
  const end = (await child.stop()) ?? ends.at(-1);
  if (finding.outcome === "fails" || end?.exitCode === 0) return { ...finding, advice: finding.advice ?? saidBy(ends) };
  return { ...finding, outcome: "fails", found: `${finding.found}; it crashed at its end`, advice: saidBy([end!]) };
}

async function ask<P>(child: Child, kind: string, found: (probe: P) => Finding): Promise<Finding> {
  try {
    return found((await child.run({ kind, timeoutMs: TIMEOUT_MS })).value as P);
  } catch (error) {
    return { outcome: "fails", found: messageOf(error), advice: null, figures: {} };
  }
}

function saidBy(ends: readonly ChildEnd[]): string | null {
  const last = ends.at(-1)?.lastLines.at(-1);
  return last === undefined ? null : `It said: ${last}`;
}
