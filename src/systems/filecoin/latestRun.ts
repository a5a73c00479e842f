import { join } from "node:path";
import type { Clock } from "../../platform/clock";
import { replaceFile } from "../../platform/replaceFile";

/** The last run, kept as the file that clients of the original look for. */
export interface LatestRun {
  /** Notes the run that is the last from now on; `make` gives its bytes when somebody needs them. */
  note(make: () => Promise<Uint8Array>): void;
  /** The bytes of the last run, also of a former process; undefined before the first. */
  read(): Promise<Uint8Array | undefined>;
  /** Ends when the last run is on the disk. */
  flush(): Promise<void>;
}

export interface LatestRunOptions {
  folder: string;
  clock: Clock;
  onError: (error: unknown) => void;
}

export const LATEST_FILE = "latest_simulation.json";

/** Runs that follow each other faster than this share a write: only the last one counts. */
const WRITE_EVERY_MS = 1000;

export function createLatestRun({ folder, clock, onError }: LatestRunOptions): LatestRun {
  const path = join(folder, LATEST_FILE);
  /** The noted run while it is newer than the file. */
  let pending: (() => Promise<Uint8Array>) | undefined;
  let writing: Promise<void> = Promise.resolve();
  let callOff: (() => void) | undefined;

  function note(make: () => Promise<Uint8Array>): void {
    pending = make;
    callOff ??= clock.after(WRITE_EVERY_MS, () => void flush());
  }

  function flush(): Promise<void> {
    callOff?.();
    callOff = undefined;
    writing = writing.then(writePending);
    return writing;
  }

  async function writePending(): Promise<void> {
    const make = pending;
    if (make === undefined) return;
    try {
      await replaceFile(path, await make());
      if (pending === make) pending = undefined;
    } catch (error) {
      onError(error);
    }
  }

  async function read(): Promise<Uint8Array | undefined> {
    if (pending !== undefined) return pending();
    const file = Bun.file(path);
    return (await file.exists()) ? file.bytes() : undefined;
  }

  return { note, read, flush };
}
