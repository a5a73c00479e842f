import type { Admission } from "./admission";
import { anomaliesTask } from "./anomaliesTask";
import { backtestTask } from "./backtestTask";
import { encodedList } from "./encode";
import { type AnswerParts, forecastTask } from "./forecastTask";
import type { OpenedModel } from "./openedModel";
import type { NeedsFile } from "./readRequest";
import type { Threads } from "./threads";
import type { Readers, TaskKind } from "./threadWork";

export interface NativeOptions {
  threads: Threads;
  admission: Admission;
  /** @throws RequestError 404 for an id that is none, with what to do */
  openModel: (id: string) => Promise<OpenedModel>;
  /** The bytes of a file that a request names. @throws RequestError 400 to 502 */
  readFile: (source: string, signal: AbortSignal) => Promise<Uint8Array>;
}

/** The service (docs/forecasting.md, "Forecasts by HTTP"). Requests come as the bytes of their JSON. */
export interface NativeService {
  /** @throws RequestError for a request, a model or a series that does not do */
  forecast(body: Uint8Array, signal: AbortSignal): Promise<AnswerParts>;
  /** The pieces of the answer's JSON. @throws RequestError as {@link NativeService.forecast} */
  backtest(body: Uint8Array, signal: AbortSignal): Promise<Uint8Array[]>;
  /** @throws RequestError as {@link NativeService.forecast} */
  anomalies(body: Uint8Array, signal: AbortSignal): Promise<AnswerParts>;
}

export function createNativeService(options: NativeOptions): NativeService {
  const { threads, openModel, admission } = options;

  async function read<Kind extends TaskKind>(kind: Kind, body: Uint8Array, signal: AbortSignal) {
    type Task = Exclude<ReturnType<Readers[Kind]>, NeedsFile>;
    const task = await threads.read({ kind, body }, signal);
    if (!("source" in task)) return task as Task;
    const file = await options.readFile(task.source, signal);
    return (await threads.read({ kind, body, file }, signal)) as Task;
  }

  return {
    async forecast(body, signal) {
      const task = await read("forecast", body, signal);
      return forecastTask(task, await openModel(task.head.model), { threads, admission, signal });
    },
    async backtest(body, signal) {
      return backtestTask(await read("backtest", body, signal), openModel, { threads, admission, signal });
    },
    async anomalies(body, signal) {
      const task = await read("anomalies", body, signal);
      return anomaliesTask(task, await openModel(task.head.model), { threads, admission, signal });
    },
  };
}

const encoder = new TextEncoder();

/**
 * The whole answer as pieces of JSON, `name` the member of its list. Everything is made before the first piece is given,
 * so that what fails is answered as a failure.
 */
export async function wholeAnswer({ head, parts, rest }: AnswerParts, name: string): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [encoder.encode(`{"model":${JSON.stringify(head.model)},"${name}":[`)];
  let separator = "";
  for await (const { json } of parts) {
    if (separator !== "") pieces.push(encoder.encode(separator));
    pieces.push(json);
    separator = ",";
  }
  const members = encodedList([rest()]);
  // The members go on in the same object.
  pieces.push(encoder.encode("],"), members.subarray(1));
  return pieces;
}
