import type { Config } from "../../config/settings";
import type { Clock } from "../clock";
import { ownCommand } from "../compute/childProcess";
import { messageOf } from "../errors";
import { BUILD, VERSION } from "../version";
import type { Check, DoctorCheck, DoctorReport } from "./check";
import { checkMemory, checkOpenFiles } from "./machine";
import { checkGpu, checkInference, type ProbingOptions } from "./native";
import { checkPorts } from "./ports";
import { checkDatabase, checkDisk, checkFsync } from "./storage";

export interface DoctorOptions {
  config: Config;
  clock: Clock;
  /** Default: this program with this process's environment. */
  probing?: Partial<ProbingOptions>;
  /** What the systems need of this machine. */
  checks: readonly Check[];
}

/** The names of the checks that every installation has. */
export const HOUSE_CHECKS = ["database", "fsync", "disk", "memory", "open files", "ports", "GPU", "inference"] as const;

/**
 * Tries everything that the program needs of this machine. Writes nothing that lasts, and may run beside a server on
 * the same data folder. A check that throws counts as failed, with what it threw.
 */
export async function runDoctor({ config, clock, probing, checks: ofSystems }: DoctorOptions): Promise<DoctorReport> {
  const command = (child: string) => [...ownCommand(), "--child", child];
  const children: ProbingOptions = { clock, environment: process.env, command, ...probing };
  const runs: Record<(typeof HOUSE_CHECKS)[number], Check["run"]> = {
    database: () => checkDatabase(config),
    fsync: () => checkFsync(config),
    disk: () => checkDisk(config),
    memory: checkMemory,
    "open files": checkOpenFiles,
    ports: () => checkPorts(config),
    GPU: () => checkGpu(children),
    inference: () => checkInference(children),
  };
  const [database, fsync, ...others] = HOUSE_CHECKS.map((name): Check => ({ name, run: runs[name] }));
  // The disk is timed alone, before the children start to read theirs.
  const first = await Promise.all([database!, fsync!].map(outcomeOf));
  const checks = [...first, ...(await Promise.all([...others, ...ofSystems].map(outcomeOf)))];
  return {
    version: VERSION,
    build: BUILD,
    platform: `${process.platform} ${process.arch}`,
    ok: checks.every(({ outcome }) => outcome !== "fails"),
    checks,
  };
}

async function outcomeOf({ name, run }: Check): Promise<DoctorCheck> {
  try {
    return { name, ...(await run()) };
  } catch (error) {
    return { name, outcome: "fails", found: messageOf(error), advice: null, figures: {} };
  }
}
