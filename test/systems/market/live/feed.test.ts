import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { fastApiErrors } from "../../../../src/platform/http/fastapi/errors";
import { type HttpServer, listenHttp } from "../../../../src/platform/http/server";
import { createMetrics } from "../../../../src/platform/metrics";
import { createFeed, type FeedClient, MAX_CLIENTS } from "../../../../src/systems/market/live/feed";
import { marketRoutes } from "../../../../src/systems/market/routes";
import { virtualClock } from "../../../support/virtualClock";
import { openMarket, type TestMarket } from "../marketBench";

interface Frame {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: frames of tests are looked at member by member
  data: any;
  ts: number;
}

describe("the feed over a socket", () => {
  let market: TestMarket;
  let server: HttpServer;
  beforeAll(async () => {
    market = await openMarket();
    server = listenHttp([marketRoutes(market.market)], {
      hostname: "127.0.0.1",
      port: 0,
      portSetting: "PORT",
      corsOrigins: () => [],
      maxBodyBytes: 1_000_000,
      idleTimeoutS: 10,
      shape: fastApiErrors,
      log: market.market.options.log,
      metrics: createMetrics("test"),
    });
  });
  afterAll(async () => {
    await server.stop(100);
    await market.close();
  });

  async function open() {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws/dashboard`);
    const frames: Frame[] = [];
    const waiting: ((frame: Frame) => void)[] = [];
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(String(data)) as Frame;
      const next = waiting.shift();
      if (next === undefined) frames.push(frame);
      else next(frame);
    };
    const closed = new Promise<CloseEvent>((resolve) => {
      socket.onclose = resolve;
    });
    const next = () => {
      const frame = frames.shift();
      return frame === undefined ? new Promise<Frame>((resolve) => waiting.push(resolve)) : Promise.resolve(frame);
    };
    return { socket, next, closed };
  }

  test("begins with a snapshot of all that is stored, then tells heartbeats, blocks and who is absent", async () => {
    await market.register("w1");
    const { socket, next } = await open();
    const snapshot = await next();
    expect([snapshot.type, snapshot.ts]).toEqual(["snapshot", market.clock.now() / 1000]);
    expect(Object.keys(snapshot.data.workers[0])).toEqual([
      "worker_id",
      "eth_address",
      "gpu_count",
      "total_memory_gb",
      "gpus",
      "version",
      "state",
      "hashrate",
      "active_gpus",
      "last_heartbeat",
      "registered_at",
      "price_per_min",
      "min_duration_sec",
      "max_duration_sec",
      "total_online_sec",
      "last_online_at",
      "self_blocks_found",
    ]);
    expect(snapshot.data.recent_blocks).toEqual([]);
    socket.send("what clients say is ignored");
    socket.send("x".repeat(50_000));
    await market.report("w1", "heartbeat", { hashrate: 5, active_gpus: 1 });
    expect(await next()).toMatchObject({ type: "heartbeat", data: { worker_id: "w1", hashrate: 5, active_gpus: 1 } });
    await market.report("w1", "block", { lease_id: "", key: "k", hash: "h" });
    expect(await next()).toMatchObject({ type: "block", data: { worker_id: "w1", hash: "h", lease_id: "" } });
    await market.clock.advance(120_000);
    const health = await next();
    expect([health.type, health.data[0].worker_id, health.data[0].offline_sec]).toEqual(["health", "w1", 120]);
    socket.close();
  });

  test("takes two hundred clients and closes the next one with 1013", async () => {
    const clients = await Promise.all(Array.from({ length: MAX_CLIENTS - market.feed.clients() }, open));
    await Promise.all(clients.map(({ next }) => next()));
    const late = await open();
    const { code, reason } = await late.closed;
    expect([code, reason]).toEqual([1013, "Server overloaded"]);
    for (const { socket } of clients) socket.close();
    await Promise.all(clients.map(({ closed }) => closed));
  });

  test("unknown paths and wrong methods answer as the contract says", async () => {
    for (const [method, path, status, detail] of [
      ["GET", "/api/nothing", 404, "Not Found"],
      ["POST", "/api/workers", 405, "Method Not Allowed"],
      ["DELETE", "/api/rent", 405, "Method Not Allowed"],
      ["OPTIONS", "/api/workers", 405, "Method Not Allowed"],
    ] as const) {
      const answer = await fetch(server.url + path, { method });
      expect([answer.status, await answer.json()]).toEqual([status, { detail }]);
    }
    for (const path of ["/api/workers", "/api/leases", "/api/leases/x", "/api/rent"]) {
      expect([path, (await fetch(server.url + path, { method: "HEAD" })).status]).toEqual([path, 405]);
    }
    expect((await fetch(`${server.url}/api/nothing`, { method: "HEAD" })).status).toBe(404);
  });
});

describe("a slow client", () => {
  function client() {
    const frames: Frame[] = [];
    const closed: number[] = [];
    const self = {
      keepsUp: true,
      frames,
      closed,
      send(frame: string) {
        frames.push(JSON.parse(frame));
        return self.keepsUp;
      },
      close: (code: number) => void closed.push(code),
    };
    return self satisfies FeedClient;
  }

  test("misses heartbeats and nothing else; one that stays slow for two seconds is dropped", async () => {
    const clock = virtualClock();
    const feed = createFeed(clock);
    const [fast, slow] = [client(), client()];
    for (const one of [fast, slow]) feed.join(one, () => "all");
    slow.keepsUp = false;
    feed.publish("heartbeat", 1);
    feed.publish("heartbeat", 2);
    feed.publish("block", 3);
    expect(slow.frames.map(({ data }) => data)).toEqual(["all", 1, 3]);
    expect(fast.frames.map(({ data }) => data)).toEqual(["all", 1, 2, 3]);
    slow.keepsUp = true;
    feed.drained(slow);
    feed.publish("heartbeat", 4);
    expect(slow.frames.at(-1)?.data).toBe(4);
    slow.keepsUp = false;
    feed.publish("heartbeat", 5);
    await clock.advance(2000);
    feed.publish("heartbeat", 6);
    expect([slow.closed, fast.closed, feed.clients()]).toEqual([[1013], [], 1]);
    feed.leave(slow);
    feed.close();
    expect([fast.closed, feed.clients()]).toEqual([[1001], 0]);
  });
});
