import { afterAll, describe, expect, test } from "bun:test";
import { type AnswerEvent, getEvents, postEvents, readEvent } from "../../../static/common/answer-events";

/** Answers a POST of a list of texts with these texts, one after the other as they are. */
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    if (new URL(request.url).pathname === "/refuses") return Response.json({ detail: "Too much." }, { status: 503 });
    if (request.method === "GET") return new Response(`id: 8\ndata: ${request.headers.get("last-event-id")}\n\n`);
    const pieces = (await request.json()) as string[];
    const stream = new ReadableStream({
      async start(controller) {
        for (const piece of pieces) {
          controller.enqueue(new TextEncoder().encode(piece));
          await Bun.sleep(0);
        }
        controller.close();
      },
    });
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  },
});

afterAll(() => server.stop(true));

async function eventsOf(pieces: string[], path = "/"): Promise<AnswerEvent[]> {
  const events: AnswerEvent[] = [];
  const signal = new AbortController().signal;
  for await (const event of postEvents(new URL(path, server.url).href, pieces, signal)) events.push(event);
  return events;
}

describe("events that answer a POST", () => {
  test("come one by one, wherever the bytes are cut", async () => {
    const whole = 'event: bands\ndata: {"done":1}\n\nevent: result\ndata: “2”\n\n';
    const expected = [
      { event: "bands", data: '{"done":1}', id: "" },
      { event: "result", data: "“2”", id: "" },
    ];
    expect(await eventsOf([whole])).toEqual(expected);
    expect(await eventsOf([...whole])).toEqual(expected);
  });

  test("an event that is not finished is none", async () => {
    expect(await eventsOf(["data: 1\n\ndata: 2\n"])).toEqual([{ event: "message", data: "1", id: "" }]);
  });

  test("a stream that broke is asked to go on after the last event", async () => {
    const asked = (lastId: string) => Array.fromAsync(getEvents(server.url.href, lastId, new AbortController().signal));
    expect(await asked("7")).toEqual([{ event: "message", data: "7", id: "8" }]);
    expect(await asked("")).toEqual([{ event: "message", data: "null", id: "8" }]);
  });

  test("a refusal is thrown in the server's words", async () => {
    await expect(eventsOf([], "/refuses")).rejects.toThrow("Too much.");
  });

  test.each([
    ["data: 1", { event: "message", data: "1", id: "" }],
    ["data:1\r\ndata: 2", { event: "message", data: "1\n2", id: "" }],
    ["event: x\nid: 7\ndata", { event: "x", data: "", id: "7" }],
    [": a comment", undefined],
    ["event: x", undefined],
  ])("%p is read as the standard says", (block, event) => expect(readEvent(block)).toEqual(event));
});
