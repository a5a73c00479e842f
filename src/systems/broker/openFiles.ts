import { DEFAULT_LIMITS, type Limits, type Listener } from "../../mqtt";
import { type Chore, runChores } from "../../platform/chores";
import type { Clock } from "../../platform/clock";
import { type Log, logFaults } from "../../platform/log";
import { isOutOfFiles, mostOpenFiles } from "../../platform/openFiles";

/** So many files are left for databases, pages and whatever else the program opens. */
const RESERVED_FILES = 500;
const LOOK_EVERY_MS = 1000;
const REST_MS = 1000;

/** Limits under which connections leave files for the rest of the program; the log says so where that is fewer. */
export function limitedByFiles(limits: Limits, log: Log, most = mostOpenFiles()): Limits {
  const room = most === undefined ? Number.POSITIVE_INFINITY : Math.max(1, most - RESERVED_FILES);
  if (limits.connections <= room) return limits;
  // Nobody asked for the default: a machine that has room for less is no fault of theirs.
  const level = limits.connections === DEFAULT_LIMITS.connections ? "info" : "warning";
  log.write(level, "the limit of open files leaves room for fewer connections than MQTT_MAX_CONNECTIONS", {
    asked: limits.connections,
    connections: room,
    openFiles: most,
  });
  return { ...limits, connections: room };
}

/**
 * Lets listeners rest for a second when no file can be opened: the kernel would wake the event loop for a connection
 * that it cannot take, without end, and tell nobody. The returned function ends that.
 */
export function restWhenOutOfFiles(listeners: readonly Listener[], clock: Clock, log: Log, isOut = isOutOfFiles) {
  let isResting = false;
  function look(): void {
    if (isResting || !isOut()) return;
    isResting = true;
    log.write("error", "no more files can be opened: no connection is taken for a second");
    const begins = listeners.map((listener) => listener.rest());
    clock.after(REST_MS, () => listenAgain(begins));
  }
  function listenAgain(begins: (() => void)[]): void {
    try {
      // Those that have begun must not begin again.
      while (begins.length > 0) {
        begins[0]!();
        begins.shift();
      }
      isResting = false;
    } catch (error) {
      log.write("error", "the broker cannot listen again yet", { error });
      clock.after(REST_MS, () => listenAgain(begins));
    }
  }
  const chore: Chore = {
    what: "looking for open files",
    everyMs: LOOK_EVERY_MS,
    firstAfterMs: LOOK_EVERY_MS,
    run: look,
  };
  const end = runChores(clock, [chore], logFaults(log));
  return () => void end();
}
