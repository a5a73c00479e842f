import { describe, expect, test } from "bun:test";
import { RequestError } from "../../../src/platform/errors";
import { createAccess, KNOWN_API_KEY } from "../../../src/systems/forecasting/access/bearer";
import { type KeyGrant, readKeyToken, writeKeyToken } from "../../../src/systems/forecasting/access/keyToken";
import { createMeter } from "../../../src/systems/forecasting/access/meter";
import { manualClock } from "../../support/manualClock";

const KEY = new Uint8Array(32).fill(7);
const NOW_MS = Date.UTC(2026, 0, 31, 23, 59, 30);
const grant: KeyGrant = { name: "shop", expiresAtS: NOW_MS / 1000 + 60, perMinute: 2 };

describe("the token of a key", () => {
  test("says what it grants until its time is over", () => {
    const token = writeKeyToken(grant, KEY);
    expect(readKeyToken(token, KEY, NOW_MS)).toEqual(grant);
    expect(readKeyToken(token, KEY, NOW_MS + 60_000)).toBeUndefined();
  });

  test("opens nothing when it was changed, signed by another key, or not signed", () => {
    const [head, claims, sign] = writeKeyToken(grant, KEY).split(".") as [string, string, string];
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    const more = Buffer.from('{"sub":"shop","exp":99999999999}').toString("base64url");
    const bad = [`${none}.${claims}.`, `${none}.${claims}.${sign}`, `${head}.${more}.${sign}`, "a.b", "a.b.c", ""];
    for (const token of bad) expect(readKeyToken(token, KEY, NOW_MS)).toBeUndefined();
    expect(readKeyToken(writeKeyToken(grant, new Uint8Array(32)), KEY, NOW_MS)).toBeUndefined();
  });
});

describe("the requests of a key", () => {
  const clock = () => manualClock(NOW_MS);
  const refusal = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      if (error instanceof RequestError) return [error.status, error.retryAfterS, error.detail];
    }
    return undefined;
  };

  test("are counted by minute and month, and one too many is told when it may be sent", () => {
    const time = clock();
    const meter = createMeter(time, { perMinute: undefined, perMonth: 3 });
    const caller = { name: "key shop", perMinute: 2 };
    meter.count(caller);
    meter.count(caller);
    expect(refusal(() => meter.count(caller))).toEqual([429, 30, expect.stringContaining("2 per 1 minute")]);
    expect(meter.usage(caller)).toEqual({ minute: { consumed: 2, limit: 2 }, month: { consumed: 2, limit: 3 } });
    // Another key is not held up, and the next minute, here also of the next month, begins anew.
    meter.count({ name: "key other" });
    time.advance(30_000);
    for (let i = 0; i < 2; i++) meter.count(caller);
    time.advance(60_000);
    meter.count(caller);
    expect(refusal(() => meter.count(caller))).toEqual([
      429,
      expect.any(Number),
      expect.stringContaining("3 per 1 month"),
    ]);
  });

  test("are let in by the shared key, by a token, and from this server's own page while it is open", () => {
    const time = clock();
    const meter = createMeter(time, { perMinute: undefined, perMonth: undefined });
    const access = createAccess({ mode: "open", apiKey: KNOWN_API_KEY, tokenKey: KEY, clock: time, meter });
    const by = (headers: Record<string, string>) => access.admitOrPage(new Request("http://localhost/", { headers }));
    expect(by({ authorization: `Bearer ${KNOWN_API_KEY}` })).toEqual({ name: "shared" });
    expect(by({ authorization: `Bearer ${writeKeyToken(grant, KEY)}` })).toEqual({ name: "key shop", perMinute: 2 });
    expect(by({ "sec-fetch-site": "same-origin" })).toEqual({ name: "page" });
    expect(refusal(() => by({}))).toEqual([401, undefined, "Not authenticated"]);
    expect(refusal(() => by({ authorization: "Bearer x.y.z" }))).toEqual([401, undefined, "Invalid API key"]);
  });
});
