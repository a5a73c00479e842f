import { afterAll, describe, expect, test } from "bun:test";
import { type AnswerEvent, postEvents, readEvent } from "../../../static/common/post-events";

/** Answers a POST of a list of texts with these texts, one after the other as they are. */
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    if (new URL(request.url).pathname === "/refuses") return Response.json({ detail: "Too much." }, { status: 503 });
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
      { event: "bands", data: '{"done":1}' },
      { event: "result", data: "“2”" },
    ];
    expect(await eventsOf([whole])).toEqual(expected);
    expect(await eventsOf([...whole])).toEqual(expected);
  });

  test("an event that is not finished is none", async () => {
    expect(await eventsOf(["data: 1\n\ndata: 2\n"])).toEqual([{ event: "message", data: "1" }]);
  });

  test("a refusal is thrown in the server's words", async () => {
    await expect(eventsOf([], "/refuses")).rejects.toThrow("Too much.");
  });

  test.each([
    ["data: 1", { event: "message", data: "1" }],
    ["data:1\r\ndata: 2", { event: "message", data: "1\n2" }],
    ["event: x\nid: 7\ndata", { event: "x", data: "" }],
    [": a comment", undefined],
    ["event: x", undefined],
  ])("%p is read as the standard says", (block, event) => expect(readEvent(block)).toEqual(event));
});
