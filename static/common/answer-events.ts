import { answerTo } from "./api";

/** One server-sent event of an answer. */
export interface AnswerEvent {
  /** `message` where the server gave none. */
  event: string;
  data: string;
  /** By which a broken stream goes on; empty where the event has none. */
  id: string;
}

/**
 * Posts `body` and gives each event of the answer as it comes; the browser's own reader of events can only GET. Ends
 * with the answer. Throws a RequestFault where there is none; an abort stays an abort.
 */
export async function* postEvents(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
  const headers = { "content-type": "application/json", accept: "text/event-stream" };
  yield* eventsOf(await answerTo(path, { method: "POST", headers, body: JSON.stringify(body), signal }));
}

/** The same of a GET whose caller has to prove who he is by a header, which the browser's own reader does not send. */
export async function* getEvents(path: string, lastId: string, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
  const headers = { accept: "text/event-stream", ...(lastId === "" ? {} : { "last-event-id": lastId }) };
  yield* eventsOf(await answerTo(path, { headers, signal }));
}

async function* eventsOf(response: Response): AsyncGenerator<AnswerEvent> {
  let rest = "";
  for await (const text of textsOf(response.body!)) {
    rest += text;
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop()!;
    for (const block of blocks) {
      const event = readEvent(block);
      if (event !== undefined) yield event;
    }
  }
}

/** By hand, since not every browser lets a stream be iterated. */
async function* textsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

/** The event of the lines up to an empty one; undefined for comments. HTML, "Server-sent events". */
export function readEvent(block: string): AnswerEvent | undefined {
  let event = "message";
  let id = "";
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (field === "event") event = value;
    else if (field === "id") id = value;
    else if (field === "data") data.push(value);
  }
  return data.length === 0 ? undefined : { event, data: data.join("\n"), id };
}
