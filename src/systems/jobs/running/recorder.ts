import type { Clock } from "../../../platform/clock";
import { messageOf } from "../../../platform/errors";
import type { Log } from "../../../platform/log";
import type { Records } from "../life/records";
import type { JobRow } from "../tables";
import { createCheckpoint, type JobCheckpoint } from "./checkpoint";

/** Keeps what a run tells of itself: progress four times a second at most, log lines in bundles. */
export interface Recorder {
  progress(fraction: number, note?: string): void;
  log(line: string): void;
  checkpoint: JobCheckpoint;
  /** Keeps what waits; nothing is kept that is told afterwards. */
  end(): Promise<void>;
}

const EVERY_MS = 250;
const MAX_LOG_BYTES = 1024 * 1024;
const MAX_LINE_CHARACTERS = 8192;

export function createRecorder(records: Records, clock: Clock, log: Log, job: JobRow): Recorder {
  return new RunRecorder(records, clock, log, job);
}

class RunRecorder implements Recorder {
  readonly checkpoint: JobCheckpoint;
  readonly #records: Records;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #job: JobRow;
  #fraction: number;
  #keptFraction: number;
  #note: string | null = null;
  #lines: string[] = [];
  #bytes = 0;
  /** The log has come to its limit. */
  #isCut = false;
  #ended = false;
  #cancel: (() => void) | undefined;
  #keeping: Promise<void> = Promise.resolve();

  constructor(records: Records, clock: Clock, log: Log, job: JobRow) {
    this.#records = records;
    this.#clock = clock;
    this.#log = log;
    this.#job = job;
    this.checkpoint = createCheckpoint(records, job);
    this.#fraction = job.progress ?? 0;
    this.#keptFraction = this.#fraction;
  }

  progress = (reached: number, said?: string): void => {
    if (this.#ended || !(reached >= 0)) return;
    this.#note = said ?? this.#note;
    this.#fraction = Math.max(this.#fraction, Math.min(1, reached));
    const { id, attempt } = this.#job;
    this.#records.hub.progressed(id, { attempt, progress: this.#fraction, note: this.#note });
    this.#plan();
  };

  log = (line: string): void => {
    if (this.#ended || this.#isCut) return;
    const shown = line.slice(0, MAX_LINE_CHARACTERS);
    this.#bytes += Buffer.byteLength(shown);
    this.#isCut = this.#bytes > MAX_LOG_BYTES;
    this.#lines.push(this.#isCut ? `The log of this attempt ends here: the limit is ${MAX_LOG_BYTES} bytes.` : shown);
    this.#plan();
  };

  async end(): Promise<void> {
    this.#ended = true;
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#lines.length > 0) this.#keeping = this.#keeping.then(() => this.#keep());
    await this.#keeping;
  }

  #plan(): void {
    this.#cancel ??= this.#clock.after(EVERY_MS, () => {
      this.#cancel = undefined;
      this.#keeping = this.#keeping.then(() => this.#keep());
    });
  }

  async #keep(): Promise<void> {
    const { id, runNumber } = this.#job;
    const { storage, jobs } = this.#records;
    const bundle = this.#lines.splice(0);
    const reached = this.#fraction;
    try {
      if (reached > this.#keptFraction) {
        await storage.transactConditional((db) => jobs.progress(db, id, runNumber, reached));
        this.#keptFraction = reached;
      }
      if (bundle.length > 0) await this.#keepLines(bundle);
    } catch (error) {
      this.#log.write("error", "a job's progress or log was not kept", { job: id, error: messageOf(error) });
    }
  }

  async #keepLines(bundle: readonly string[]): Promise<void> {
    const { id, runNumber, attempt } = this.#job;
    const { storage, jobs, events, hub } = this.#records;
    await storage.transactConditional(async (db) => {
      const first = await jobs.takeNumbers(db, id, runNumber, bundle.length);
      if (first === undefined) return;
      const at = await storage.nowMs(db);
      for (const [i, line] of bundle.entries()) {
        const data = JSON.stringify({ attempt, line, at: new Date(at).toISOString() });
        await events.insert(db, { jobId: id, number: first + i, at, type: "log", data });
      }
    });
    hub.changed(id);
  }
}
