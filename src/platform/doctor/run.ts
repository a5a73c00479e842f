import type { Config } from "../../config/settings";
import type { Clock } from "../clock";
import { ownCommand } from "../compute/childProcess";
import { messageOf } from "../errors";
import { BUILD, VERSION } from "../version";
import type { DoctorCheck, DoctorReport, Finding } from "./check";
import { checkHistory, type HistoryFacts } from "./history";
import { checkMemory, checkOpenFiles } from "./machine";
import { checkGpu, checkInference, type ProbingOptions } from "./native";
import { checkPorts } from "./ports";
import { checkDatabase, checkDisk, checkFsync } from "./storage";

export interface DoctorOptions {
  config: Config;
  clock: Clock;
  /** Default: this program with this process's environment. */
  probing?: Partial<ProbingOptions>;
  /** The history that forecasts would start from. Throws what is wrong with it. */
  history: () => HistoryFacts | Promise<HistoryFacts>;
}

/**
 * Tries everything that the program needs of this machine. Writes nothing that lasts, and may run beside a server on
 * the same data folder. A check that throws counts as failed, with what it threw.
 */
export async function runDoctor({ config, clock, probing, history }: DoctorOptions): Promise<DoctorReport> {
  const command = (child: string) => [...ownCommand(), "--child", child];
  const children: ProbingOptions = { clock, environment: process.env, command, ...probing };
  // The disk is timed alone, before the children start to read theirs.
  const first = await Promise.all([
    checked("database", () => checkDatabase(config)),
    checked("fsync", () => checkFsync(config.DATA_DIR)),
  ]);
  const others = await Promise.all([
    checked("disk", () => checkDisk(config.DATA_DIR)),
    checked("memory", checkMemory),
    checked("open files", checkOpenFiles),
    checked("ports", () => checkPorts(config)),
    checked("GPU", () => checkGpu(children)),
    checked("inference", () => checkInference(children)),
    checked("history", async () => checkHistory(await history(), clock)),
  ]);
  const checks = [...first, ...others];
  return {
    version: VERSION,
    build: BUILD,
    platform: `${process.platform} ${process.arch}`,
    ok: checks.every(({ outcome }) => outcome !== "fails"),
    checks,
  };
}

async function checked(name: string, check: () => Finding | Promise<Finding>): Promise<DoctorCheck> {
  try {
    return { name, ...(await check()) };
  } catch (error) {
    return { name, outcome: "fails", found: messageOf(error), advice: null, figures: {} };
  }
}
