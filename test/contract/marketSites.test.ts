import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { type Served, serve } from "../support/program";

setDefaultTimeout(30_000);

let served: Served;
beforeAll(async () => {
  served = await serve(["--only", "market,chain,filecoin"]);
});
afterAll(async () => {
  expect(await served.stop()).toBe(0);
  rmSync(served.dataDir, { recursive: true });
});

describe("a page of another site", () => {
  const from = (origin: string, path: string, init: RequestInit = {}) =>
    fetch(served.url + path, { ...init, headers: { "content-type": "text/plain", origin } });

  test("neither commands workers nor reads a key, and is told nothing by CORS", async () => {
    const command = { method: "POST", body: JSON.stringify({ action: "shutdown" }) };
    const login = { method: "POST", body: JSON.stringify({ account_id: "consumer-1" }) };
    for (const [path, init] of [
      ["/api/control/broadcast", command],
      ["/api/auth/login", login],
    ] as const) {
      const answer = await from("https://b.example", path, init);
      expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([403, null]);
    }
    const looked = await from("https://b.example", "/api/workers");
    expect([looked.status, looked.headers.get("access-control-allow-origin")]).toEqual([200, null]);
    expect((await from("http://localhost:5173", "/api/control/broadcast", command)).status).toBe(200);
    const feed = new WebSocket(`${served.url.replace("http", "ws")}/ws/dashboard`, {
      headers: { origin: "https://b.example" },
    } as never);
    const ended = await new Promise((resolve) => {
      feed.onopen = () => resolve("opened");
      feed.onclose = () => resolve("refused");
    });
    expect(ended).toBe("refused");
  });

  test("may call the systems whose originals let any origin call", async () => {
    const answer = await from("https://b.example", "/historical-data/full");
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://b.example");
  });
});
