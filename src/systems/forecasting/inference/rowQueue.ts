import type { Clock } from "../../../platform/clock";
import { RequestError } from "../../../platform/errors";
import type { FloatTensor } from "../../../platform/native/inference";
import type { Row, RowOutputs, RunRow } from "./row";

export interface RowQueueOptions {
  clock: Clock;
  /** How long a lone row waits for others. */
  batchWaitMs: number;
  /** Tokens of the batches that are computed fastest; a batch has at least one row. */
  batchTokens: number;
  /** Rows that may wait; more are refused. */
  maxWaiting: number;
  runBatch: (inputs: Record<string, FloatTensor>) => Promise<Record<string, FloatTensor>>;
}

export interface RowQueue {
  /** @throws RequestError 503 when too many rows wait; what the batch threw otherwise. */
  run: RunRow;
  figures(): { waiting: number; batches: number; rows: number };
}

interface Waiting {
  row: Row;
  resolve: (outputs: RowOutputs) => void;
  reject: (error: unknown) => void;
}

const CLIENT_CLOSED_REQUEST = 499;

/**
 * Gathers rows that may share a batch and runs one batch after the other, the oldest rows first. Rows are batched with
 * rows of the same shapes alone, so that none is padded because of another: a row gives the same bits in any company.
 */
export function createRowQueue(options: RowQueueOptions): RowQueue {
  /** By what decides whether rows may be batched; insertion order is the order of the oldest row. */
  const waiting = new Map<string, Waiting[]>();
  let waitingRows = 0;
  let busy = false;
  let cancelWait: (() => void) | undefined;
  let [batches, rows] = [0, 0];

  function run(row: Row): Promise<RowOutputs> {
    if (waitingRows >= options.maxWaiting) return Promise.reject(tooMany(options.maxWaiting));
    const { promise, resolve, reject } = Promise.withResolvers<RowOutputs>();
    const key = batchKey(row);
    const group = waiting.get(key);
    if (group === undefined) waiting.set(key, [{ row, resolve, reject }]);
    else group.push({ row, resolve, reject });
    waitingRows++;
    schedule(key);
    return promise;
  }

  /** Starts at once when a batch is full, else after a short wait for company. */
  function schedule(key: string): void {
    if (busy) return;
    const group = waiting.get(key)!;
    if (group.length >= maxRows(group[0]!.row)) begin();
    else cancelWait ??= options.clock.after(options.batchWaitMs, begin);
  }

  function begin(): void {
    cancelWait?.();
    cancelWait = undefined;
    const [oldest] = waiting;
    if (oldest === undefined) return;
    const [key, group] = oldest;
    const batch = group.splice(0, maxRows(group[0]!.row));
    waiting.delete(key);
    // What is left of the group queues behind the others.
    if (group.length > 0) waiting.set(key, group);
    waitingRows -= batch.length;
    busy = true;
    batches++;
    rows += batch.length;
    void runTogether(batch, options.runBatch).finally(() => {
      busy = false;
      // Not at once: those whose rows are done are about to send the rows of their next step.
      if (waiting.size > 0) cancelWait ??= options.clock.after(0, begin);
    });
  }

  function maxRows({ tokens }: Row): number {
    return Math.max(1, Math.floor(options.batchTokens / tokens));
  }

  return { run, figures: () => ({ waiting: waitingRows, batches, rows }) };
}

/** Runs rows of the same shapes as one, but for those whose callers have hung up. */
async function runTogether(batch: readonly Waiting[], runBatch: RowQueueOptions["runBatch"]): Promise<void> {
  const wanted = batch.filter(({ row, reject }) => {
    if (row.signal?.aborted) reject(new RequestError(CLIENT_CLOSED_REQUEST, "The caller hung up before its turn."));
    return !row.signal?.aborted;
  });
  if (wanted.length === 0) return;
  try {
    const { shared } = wanted[0]!.row;
    const outputs = await runBatch({ ...shared.inputs(), ...stacked(wanted.map(({ row }) => row)) });
    for (const [index, { resolve }] of wanted.entries()) resolve(rowOf(outputs, index));
  } catch (error) {
    for (const { reject } of wanted) reject(error);
  }
}

function batchKey({ own, shared }: Row): string {
  const shapes = Object.entries(own).map(([name, { shape }]) => `${name}:${shape.join("x")}`);
  return [shared.key, ...shapes].join(" ");
}

/** Puts the rows' own inputs one after the other along a new first axis. */
function stacked(rows: readonly Row[]): Record<string, FloatTensor> {
  const inputs = Object.entries(rows[0]!.own).map(([name, { shape, values }]) => {
    const all = new Float32Array(rows.length * values.length);
    for (const [index, { own }] of rows.entries()) all.set(own[name]!.values, index * values.length);
    return [name, { shape: [rows.length, ...shape], values: all }] as const;
  });
  return Object.fromEntries(inputs);
}

function rowOf(outputs: Readonly<Record<string, FloatTensor>>, index: number): RowOutputs {
  const own = Object.entries(outputs).map(([name, { shape, values }]) => {
    const length = values.length / shape[0]!;
    return [name, values.subarray(index * length, (index + 1) * length)] as const;
  });
  return Object.fromEntries(own);
}

function tooMany(limit: number): RequestError {
  const detail = `Too many rows wait for this model; the limit is ${limit}. Try again later, or send fewer series.`;
  return new RequestError(503, detail, { retryAfterS: 5 });
}
