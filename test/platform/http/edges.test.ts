import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Elysia } from "elysia";
import { z } from "zod";
import { systemClock } from "../../../src/platform/clock";
import { RequestError, UsageError } from "../../../src/platform/errors";
import { detailShape, routesWithErrors } from "../../../src/platform/http/errorShape";
import { readJson, valid } from "../../../src/platform/http/input";
import { type HttpServer, listenHttp } from "../../../src/platform/http/server";
import { createLog } from "../../../src/platform/log";
import { createMetrics } from "../../../src/platform/metrics";
import { until } from "../../support/until";

const MAX_BODY_BYTES = 2000;
const lines: string[] = [];
const log = createLog({ level: "debug", clock: systemClock, sink: (line) => lines.push(line) });
const body = z.object({ size: z.number().int().min(1) });
const metrics = createMetrics("test");
let server: HttpServer;

function listen(port: number): HttpServer {
  const routes = routesWithErrors("test", detailShape, log).use(
    new Elysia()
      .post("/order", async ({ request }) => valid(body, await readJson(request, MAX_BODY_BYTES), "body"))
      .get("/fault", () => {
        throw new Error("the password is hunter2");
      })
      .get("/busy", () => {
        throw new RequestError(503, "Come back.", { retryAfterS: 7 });
      })
      .get("/bare", () => new Response("not so", { status: 418 }))
      .get("/item/:id", ({ params }) => ({ id: params.id })),
  );
  return listenHttp([routes], {
    hostname: "127.0.0.1",
    port,
    portSetting: "PORT",
    corsOrigins: () => ["https://a.example"],
    allowedHosts: ["proxy.example"],
    maxBodyBytes: MAX_BODY_BYTES,
    idleTimeoutS: 10,
    shape: detailShape,
    log,
    metrics,
  });
}

beforeAll(() => {
  server = listen(0);
});
afterAll(() => server.stop(1000));

const get = (path: string, init?: RequestInit) => fetch(server.url + path, init);
const post = (text: string | ReadableStream) => get("/order", { method: "POST", body: text });

describe("the edges of HTTP", () => {
  test("a valid body is read whatever content type it claims, unknown members dropped", async () => {
    const answer = await get("/order", {
      method: "POST",
      body: '{"size": 2, "x": 1}',
      headers: { "content-type": "text/x" },
    });
    expect([answer.status, await answer.json()]).toEqual([200, { size: 2 }]);
  });

  test("a wrong member is told by place and expectation, and what was sent is not echoed", async () => {
    const answer = await post('{"size": "hunter2"}');
    const text = await answer.text();
    expect(answer.status).toBe(422);
    expect(JSON.parse(text).detail[0]).toMatchObject({ loc: ["body", "size"], type: "invalid_type" });
    expect(text).not.toContain("hunter2");
  });

  test.each(["{bad", "", "null", "[]", '"x"', "[".repeat(900)])("the body %p is refused with 422", async (text) => {
    expect((await post(text)).status).toBe(422);
  });

  test("a body over the limit is refused with the limit, declared or streamed", async () => {
    const large = JSON.stringify({ size: 1, padding: "x".repeat(MAX_BODY_BYTES) });
    const streamed = new Response(large).body!;
    for (const sent of [large, streamed]) {
      const answer = await post(sent);
      expect(answer.status).toBe(413);
      expect((await answer.json()).detail).toContain(String(MAX_BODY_BYTES));
    }
  });

  test("an unforeseen fault answers with an id that is in the log, and with nothing else", async () => {
    const answer = await get("/fault");
    const id = answer.headers.get("x-request-id")!;
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).toContain(id);
    expect(text).not.toContain("hunter2");
    expect(lines.some((line) => line.includes(id) && line.includes("hunter2"))).toBe(true);
    expect(log.recent({ requestId: id, limit: 5 })).toHaveLength(1);
  });

  test("a refusal carries Retry-After", async () => {
    const answer = await get("/busy");
    expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toEqual([
      503,
      "7",
      { detail: "Come back." },
    ]);
  });

  test("an unknown path is 404, a known path with another method 405 with what is allowed", async () => {
    expect((await get("/nowhere")).status).toBe(404);
    for (const path of ["/order", "/item/3"]) {
      const answer = await get(path, { method: path === "/order" ? "GET" : "DELETE" });
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, path === "/order" ? "POST" : "GET"]);
      expect(await answer.json()).toEqual({ detail: "Method Not Allowed" });
    }
  });

  test("a request id that a caller sends is kept when well-formed, else replaced", async () => {
    const id = async (sent: string) =>
      (await get("/busy", { headers: { "x-request-id": sent } })).headers.get("x-request-id");
    expect(await id("abc-1")).toBe("abc-1");
    expect(await id('"><script>')).not.toContain("script");
  });

  test("an allowed origin passes the preflight and is echoed, another is not", async () => {
    const preflight = (origin: string) =>
      get("/order", { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } });
    const allowed = await preflight("https://a.example");
    expect([allowed.status, await allowed.text()]).toEqual([200, "OK"]);
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://a.example");
    const refused = await preflight("https://b.example");
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([400, null]);
  });

  test("a page of another site changes nothing, one of this machine does, and a strange name is refused", async () => {
    const text = { "content-type": "text/plain" };
    const from = (origin: string) =>
      get("/order", { method: "POST", body: '{"size": 2}', headers: { ...text, origin } });
    expect((await from("https://b.example")).status).toBe(403);
    expect((await from("http://localhost:5173")).status).toBe(200);
    expect((await from("https://a.example")).status).toBe(200);
    expect((await get("/busy", { headers: { host: "b.example" } })).status).toBe(421);
    expect((await get("/busy", { headers: { host: "proxy.example:80" } })).status).toBe(503);
  });

  test("a port in use is one clear sentence", () => {
    expect(() => listen(server.port)).toThrow(UsageError);
    expect(() => listen(server.port)).toThrow(`Port ${server.port}`);
  });

  test("a path that nobody serves counts as unmatched, whatever it is", async () => {
    await get("/one-guess");
    await get("/another-guess");
    const counted = /foresight_http_requests_total\{method="GET",route="unmatched",status="404"\} \d+/;
    await until(async () => counted.test(await metrics.registry.metrics()), "the unmatched requests");
    const text = await metrics.registry.metrics();
    expect(text).not.toContain("guess");
    expect(text).not.toContain('route="undefined"');
  });

  const refusals: [path: string, init: RequestInit, route: string, status: number][] = [
    ["/order", { method: "POST", body: "{bad" }, "/order", 422],
    ["/nowhere", {}, "unmatched", 404],
    ["/order", {}, "unmatched", 405],
    ["/bare", {}, "/bare", 418],
  ];
  test.each(refusals)(
    "a refused %s %o leaves one line for whoever looks closely",
    async (path, init, route, status) => {
      const answer = await get(path, init);
      const requestId = answer.headers.get("x-request-id") ?? "";
      await until(() => log.recent({ requestId, limit: 5 }).length > 0, "the line of the refusal");
      const { time: _, ...line } = log.recent({ requestId, limit: 5 })[0]!;
      const method = init.method ?? "GET";
      expect(line).toEqual({ level: "debug", message: "a request was refused", requestId, method, route, status });
    },
  );

  test("what is answered well leaves no line", async () => {
    const answer = await post('{"size": 2}');
    await get("/nowhere", { headers: { "x-request-id": "after-the-order" } });
    await until(
      () => log.recent({ requestId: "after-the-order", limit: 1 }).length > 0,
      "the line of the next request",
    );
    expect(log.recent({ requestId: answer.headers.get("x-request-id")!, limit: 5 })).toEqual([]);
  });

  test("requests are counted by route, not by path", async () => {
    await get("/item/1");
    await get("/item/2");
    // A request is counted once its answer has gone out, which its caller may see first.
    const counted = /foresight_http_requests_total\{method="GET",route="\/item\/:id",status="200"\} 2/;
    await until(async () => counted.test(await metrics.registry.metrics()), "two requests of one route");
  });
});
