import type { Clock } from "../clock";
import type { StorageHandle } from "../database";
import { messageOf } from "../errors";
import type { Log } from "../log";
import type { Lease } from "./entry";
import type { Queue } from "./queue";

/** Why a running piece is told to end. */
export type StopReason = "called off" | "lease lost" | "draining";

/** What a runner needs of whoever owns the rows that its queue is about. */
export interface RunnerWork {
  /** Records, in the transaction of the claim, that the piece is being worked at. */
  begin(db: StorageHandle, lease: Lease): Promise<void>;
  /**
   * Does the piece and settles or releases its lease. `signal` is aborted with a {@link StopReason}. `free` may be
   * called as soon as nothing of it calculates any more: the slot takes the next piece while the result is being kept.
   */
  run(lease: Lease, signal: AbortSignal, free: () => void): Promise<void>;
  /** Decides, in a transaction, what becomes of a piece whose worker is gone. */
  lost(db: StorageHandle, lease: Lease): Promise<void>;
}

export interface RunnerOptions extends RunnerWork {
  queue: Queue;
  name: string;
  /** Names this process among all that take from the queue. */
  worker: string;
  slots: number;
  mostPerOwner: number;
  clock: Clock;
  log: Log;
}

/** Takes from one queue what its slots can bear, renews what it holds, and takes back what other workers let lapse. */
export interface Runner {
  start(): void;
  /** Looks for work now; whoever added some calls it. */
  wake(): void;
  /** Ends a piece that runs here; false when it does not. */
  callOff(id: string): boolean;
  pause(): void;
  resume(): void;
  readonly paused: boolean;
  /** How many it can bear, and what runs here. */
  load(): { slots: number; running: string[] };
  /** Takes nothing more, waits for what runs, and after `drainMs` tells it to end. Ends when nothing runs. */
  stop(drainMs: number): Promise<void>;
}

const HEARTBEAT_MS = 1000;

export function createRunner(options: RunnerOptions): Runner {
  return new QueueRunner(options);
}

interface Piece {
  lease: Lease;
  control: AbortController;
  done: Promise<void>;
}

class QueueRunner implements Runner {
  readonly #options: RunnerOptions;
  /** What runs here, by id, until its lease is settled. */
  readonly #pieces = new Map<string, Piece>();
  /** Slots that calculate; fewer than the pieces while results are being kept. */
  #busy = 0;
  #state: "idle" | "running" | "stopping" | "stopped" = "idle";
  #paused = false;
  #claiming = false;
  /** Somebody added work while a claim was under way. */
  #again = false;
  #cancelBeat: (() => void) | undefined;
  #cancelDue: (() => void) | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  get paused(): boolean {
    return this.#paused;
  }

  start(): void {
    this.#state = "running";
    this.#planBeat(0);
    this.wake();
  }

  wake(): void {
    this.#again = true;
    if (!this.#claiming) void this.#claimAll();
  }

  callOff(id: string): boolean {
    const piece = this.#pieces.get(id);
    piece?.control.abort("called off" satisfies StopReason);
    return piece !== undefined;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.wake();
  }

  load(): { slots: number; running: string[] } {
    return { slots: this.#options.slots, running: [...this.#pieces.keys()] };
  }

  async stop(drainMs: number): Promise<void> {
    this.#state = "stopping";
    this.#cancelDue?.();
    const all = () => Promise.all([...this.#pieces.values()].map(({ done }) => done));
    const cancel = this.#options.clock.after(drainMs, () => this.#abortAll("draining"));
    await all();
    cancel();
    this.#state = "stopped";
    this.#cancelBeat?.();
  }

  #abortAll(reason: StopReason): void {
    for (const { control } of this.#pieces.values()) control.abort(reason);
  }

  async #claimAll(): Promise<void> {
    this.#claiming = true;
    try {
      while (this.#again && this.#mayClaim()) {
        this.#again = false;
        await this.#claimOnce();
      }
    } catch (error) {
      // The next heartbeat tries again.
      this.#options.log.write("error", "no work could be taken", {
        queue: this.#options.name,
        error: messageOf(error),
      });
    } finally {
      this.#claiming = false;
    }
  }

  #mayClaim(): boolean {
    return this.#state === "running" && !this.#paused && this.#busy < this.#options.slots;
  }

  async #claimOnce(): Promise<void> {
    const { queue, name, worker, mostPerOwner, begin, slots } = this.#options;
    const most = slots - this.#busy;
    const leases = await queue.claim({ queue: name, worker, most, mostPerOwner }, begin);
    for (const lease of leases) this.#begin(lease);
    if (leases.length < most) await this.#planDue();
  }

  #begin(lease: Lease): void {
    const control = new AbortController();
    this.#busy += 1;
    let counted = true;
    const free = () => {
      if (!counted) return;
      counted = false;
      this.#busy -= 1;
      this.wake();
    };
    const done = this.#run(lease, control.signal, free).finally(() => {
      // Another lease of the same piece may have begun here meanwhile.
      if (this.#pieces.get(lease.id)?.control === control) this.#pieces.delete(lease.id);
      free();
      // What was settled may be due again, or have made room for its owner.
      this.wake();
    });
    this.#pieces.set(lease.id, { lease, control, done });
    if (this.#state === "stopping") control.abort("draining" satisfies StopReason);
  }

  async #run(lease: Lease, signal: AbortSignal, free: () => void): Promise<void> {
    try {
      await this.#options.run(lease, signal, free);
    } catch (error) {
      // Its lease lapses and the piece is then taken for lost, which it is.
      const { name, log } = this.#options;
      log.write("error", "a piece of work could not be settled", { queue: name, id: lease.id, error });
    }
  }

  /** Wakes when the next delayed entry is due. */
  async #planDue(): Promise<void> {
    const dueInMs = await this.#options.queue.nextDueMs(this.#options.name);
    this.#cancelDue?.();
    if (dueInMs === undefined || dueInMs > HEARTBEAT_MS) return;
    this.#cancelDue = this.#options.clock.after(dueInMs, () => this.wake());
  }

  #planBeat(delayMs: number): void {
    this.#cancelBeat = this.#options.clock.after(delayMs, () => {
      void this.#beat().finally(() => {
        if (this.#state !== "stopped") this.#planBeat(HEARTBEAT_MS);
      });
    });
  }

  async #beat(): Promise<void> {
    const { queue, name, worker, lost, log } = this.#options;
    try {
      const gone = await queue.renew({ queue: name, worker, ids: [...this.#pieces.keys()] });
      for (const id of gone) this.#pieces.get(id)?.control.abort("lease lost" satisfies StopReason);
      if (this.#state !== "running") return;
      await queue.reclaim(name, lost);
      this.wake();
    } catch (error) {
      log.write("error", "leases could not be renewed", { queue: name, error: messageOf(error) });
    }
  }
}
