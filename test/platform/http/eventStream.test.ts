import { expect, test } from "bun:test";
import { eventStream } from "../../../src/platform/http/eventStream";
import { valueStream } from "../../../src/platform/http/valueStream";
import { until } from "../../support/until";

const encoder = new TextEncoder();

function serving(answer: (request: Request) => Response) {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", idleTimeout: 0, fetch: answer });
  return { url: server.url, [Symbol.asyncDispose]: () => server.stop(true) };
}

test("an event is its id, its name and one line of data, as text or as bytes", async () => {
  await using server = serving((request) =>
    eventStream(request, async ({ send }) => {
      send({ data: '{"a":"ü"}' });
      send({ id: 7, event: "result", data: encoder.encode("[1]") });
    }),
  );
  const answer = await fetch(server.url);
  expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(await answer.text()).toBe('data: {"a":"ü"}\n\nid: 7\nevent: result\ndata: [1]\n\n');
});

test("the writer learns that the caller has hung up, and what it sends afterwards harms nobody", async () => {
  const ended = Promise.withResolvers<void>();
  await using server = serving((request) =>
    eventStream(request, async ({ send, signal }) => {
      send({ data: "1" });
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      send({ data: "2" });
      ended.resolve();
    }),
  );
  const leaving = new AbortController();
  const answer = await fetch(server.url, { signal: leaving.signal });
  await answer.body!.getReader().read();
  leaving.abort();
  await ended.promise;
});

test("what the writer throws breaks the answer off", async () => {
  await using server = serving((request) =>
    eventStream(request, async ({ send }) => {
      send({ data: "1" });
      throw new Error("no more");
    }),
  );
  const fault = await fetch(server.url)
    .then((answer) => answer.text())
    .catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(Error);
});

test("a value is sent when it has changed, else a ping, until the program stops", async () => {
  let value = 1;
  const stopping = new AbortController();
  await using server = serving((request) => valueStream(request, () => ({ value }), 5, stopping.signal));
  const answer = await fetch(server.url);
  let text = "";
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body!) text += decoder.decode(chunk, { stream: true });
  })();
  await until(() => text.includes("event: ping\ndata: 1\n\n"), "a ping");
  value = 2;
  await until(() => text.includes('id: 2\ndata: {"value":2}\n\n'), "the second value");
  stopping.abort();
  await reading;
  expect(text.startsWith('id: 1\ndata: {"value":1}\n\nevent: ping\n')).toBe(true);
  expect(text.endsWith("\n\n")).toBe(true);
});
