import { describe, expect, test } from "bun:test";
import { adminHeaders, memoryBus, openMarket } from "../marketBench";

const controls = (sent: { topic: string; payload: unknown }[]) =>
  sent.filter(({ topic }) => topic.endsWith("/control"));

describe("control", () => {
  test("sends action and config to a worker, with standards for both", async () => {
    const market = await openMarket();
    await market.register("w1");
    const { status, body } = await market.post("/api/workers/w1/control", {
      action: "set_config",
      config: { difficulty: 3 },
    });
    expect([status, body]).toEqual([200, { status: "sent", worker_id: "w1", action: "set_config" }]);
    await market.post("/api/workers/w1/control", {});
    expect(controls(market.worker.sent)).toEqual([
      { topic: "xenminer/w1/control", payload: { action: "set_config", config: { difficulty: 3 } } },
      { topic: "xenminer/w1/control", payload: { action: "set_config", config: {} } },
    ]);
    expect((await market.post("/api/workers/w1/control", { config: [] })).status).toBe(422);
    await market.close();
  });

  test("broadcasts one message to each worker", async () => {
    const market = await openMarket();
    await market.register("w1");
    await market.register("w2");
    const { body } = await market.post("/api/control/broadcast", { action: "pause" });
    expect(body).toEqual({ status: "sent", workers: ["w1", "w2"], action: "pause" });
    expect(controls(market.worker.sent).map(({ topic }) => topic)).toEqual([
      "xenminer/w1/control",
      "xenminer/w2/control",
    ]);
    await market.close();
  });

  test("an id that would be another topic is refused", async () => {
    const market = await openMarket();
    for (const id of ["a%2Fb", "%23", "%2B", "%00", "x".repeat(129)]) {
      expect((await market.post(`/api/workers/${id}/control`, {})).status).toBe(400);
    }
    expect(market.worker.sent).toEqual([]);
    await market.close();
  });

  test("is answered with 503 when the broker does not take it in time", async () => {
    const { bus, say } = memoryBus();
    const market = await openMarket({ bus: { ...bus, publish: () => new Promise<void>(() => undefined) } });
    await say("xenminer/w1/register", { worker_id: "w1" });
    for (const path of ["/api/workers/w1/control", "/api/control/broadcast"]) {
      const answer = market.post(path, { action: "pause" });
      await market.clock.advance(10_000);
      const { status, body } = await answer;
      expect([status, body.detail]).toEqual([503, expect.stringContaining("The broker does not answer")]);
    }
    await market.close();
  });

  test("defect 21: open as the dashboard needs it; guarded, it takes the admin or the owner and a known worker", async () => {
    const open = await openMarket();
    expect((await open.post("/api/workers/nobody/control", {})).status).toBe(200);
    await open.close();

    const market = await openMarket({ guardControl: true });
    await market.register("w1");
    await market.register("w2");
    const keyOf = async (accountId: string) => ({
      "x-api-key": (await market.post("/api/auth/login", { account_id: accountId })).body.api_key as string,
    });
    const statuses = async (headers: Record<string, string>) => [
      (await market.post("/api/workers/w1/control", {}, headers)).status,
      (await market.post("/api/workers/nobody/control", {}, headers)).status,
      (await market.post("/api/control/broadcast", {}, headers)).status,
    ];
    expect(await statuses({})).toEqual([401, 401, 401]);
    expect(await statuses(await keyOf("w1"))).toEqual([200, 403, 403]);
    expect(await statuses(await keyOf("w2"))).toEqual([403, 403, 403]);
    expect(await statuses(await keyOf("consumer-1"))).toEqual([403, 403, 403]);
    expect(await statuses(adminHeaders)).toEqual([200, 404, 200]);
    await market.close();
  });
});
