import type { Clock } from "../../../platform/clock";
import { createChild } from "../../../platform/compute/child";
import type { GpuProbe } from "../../../platform/doctor/probes";
import { messageOf } from "../../../platform/errors";

export interface AdapterOptions {
  clock: Clock;
  /** The program that children are started from. */
  command: readonly string[];
  environment?: Record<string, string | undefined> | undefined;
}

const PROBE_TIMEOUT_MS = 20_000;

/** Names of drivers that compute on the processor: slower than the processor without them. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render|warp/i;

/** Whether there is a graphics card; where there is none that helps, why. */
export type CardFinding = { card: string } | { card: null; reason: string };

/** Looks for a graphics card, in a child: a fault in a driver must cost nothing else. A driver in software is none. */
export async function findCard({ clock, command, environment }: AdapterOptions): Promise<CardFinding> {
  const child = createChild({
    name: "GPU",
    command: [...command, "--child", "gpu"],
    clock,
    ...(environment && { environment }),
  });
  try {
    const { value } = await child.run({ kind: "gpu.probe", timeoutMs: PROBE_TIMEOUT_MS });
    return judged(value as GpuProbe);
  } catch (error) {
    return { card: null, reason: `looking for one failed: ${messageOf(error)}` };
  } finally {
    await child.stop();
  }
}

function judged({ adapter, values, correct }: GpuProbe): CardFinding {
  if (adapter === null) return { card: null, reason: "this machine has none" };
  const card = adapter.description || `${adapter.vendor} ${adapter.architecture}`;
  if (SOFTWARE.test(`${adapter.vendor} ${adapter.architecture} ${adapter.description}`)) {
    return { card: null, reason: `${card} computes in software` };
  }
  if (correct !== values) return { card: null, reason: `${card} gave ${correct} of ${values} values right` };
  return { card };
}
