import { readFileSync, statSync } from "node:fs";
import { type Broker, createLiveRights, type Identity, type LiveRights } from "../../../mqtt";
import { runChores } from "../../../platform/chores";
import type { Clock } from "../../../platform/clock";
import { messageOf, UsageError } from "../../../platform/errors";
import type { AccessMode } from "../../../platform/http/strangers";
import { type Log, logFaults } from "../../../platform/log";
import { parseRights } from "./usersFile";

/** How often the file is looked at. A change counts when two looks in a row find the same: then it is written whole. */
export const LOOK_EVERY_MS = 500;

/** Longer than a password takes to be looked at, so that refusals of all kinds fall together. */
const REFUSALS = { everyMs: 300, pause: Bun.sleep };

/** Who may do what, from the file where there is one. */
export interface RightsSource {
  /** Undefined: everybody is let in and may do everything. */
  rights: LiveRights | undefined;
  /** What is wrong with the file as it stands now; the rights that were in force before still are. */
  problem(): string | undefined;
  /** Follows the file, and SIGHUP, for that broker; the returned function ends it. */
  follow(broker: Broker): () => void;
}

interface Source {
  path: string | undefined;
  mode: AccessMode;
  clock: Clock;
  log: Log;
  /** Who is let in by other rights than these. */
  isGuest?: ((identity: Identity) => boolean) | undefined;
}

/**
 * Rights by the file of users (MQTT_USERS_FILE). Without one an open broker lets in everybody, a closed one nobody.
 * @throws UsageError where the file cannot be read, or for each of its faults with the line.
 */
export function openRights({ path, mode, clock, log, isGuest = () => false }: Source): RightsSource {
  if (path === undefined) return rightsWithoutFile(mode);
  let seen = lookAt(path);
  const live = createLiveRights(readRights(path, mode), REFUSALS);
  let problem: string | undefined;

  function reload(broker: Broker): void {
    try {
      live.replace(readRights(path!, mode));
      problem = undefined;
    } catch (error) {
      problem = `${messageOf(error)} The rights of before stay in force.`;
      log.write("error", "the broker's users were not read", { problem });
      return;
    }
    broker.rightsChanged((identity) => isGuest(identity) || live.isWelcome(identity));
    log.write("info", "the broker's users were read again");
  }

  function follow(broker: Broker): () => void {
    let changing: string | undefined;
    const now = () => reload(broker);
    const look = () => {
      const found = lookAt(path!);
      if (found !== seen && found === changing) {
        seen = found;
        now();
      }
      changing = found;
    };
    const chore = { what: "following the users", everyMs: LOOK_EVERY_MS, firstAfterMs: LOOK_EVERY_MS, run: look };
    const endLooks = runChores(clock, [chore], logFaults(log));
    process.on("SIGHUP", now);
    return () => {
      void endLooks();
      process.off("SIGHUP", now);
    };
  }
  return { rights: live, problem: () => problem, follow };
}

function rightsWithoutFile(mode: AccessMode): RightsSource {
  const follow = () => () => undefined;
  if (mode === "open") return { rights: undefined, problem: () => undefined, follow };
  const rights = createLiveRights({ users: [], rules: [], allowsAnonymous: false }, REFUSALS);
  return { rights, problem: () => "Nobody can connect: MQTT_USERS_FILE names no file of users.", follow };
}

/** What tells one state of the file from another; one sentence for any file that cannot be had. */
function lookAt(path: string): string {
  const state = statSync(path, { throwIfNoEntry: false });
  return state === undefined ? "absent" : `${state.ino} ${state.size} ${state.mtimeMs}`;
}

function readRights(path: string, mode: AccessMode) {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`MQTT_USERS_FILE: ${path} cannot be read (${messageOf(error)}).`);
  }
  try {
    return parseRights(text, mode);
  } catch (error) {
    throw new UsageError(`MQTT_USERS_FILE: ${path}: ${messageOf(error)}.`);
  }
}
