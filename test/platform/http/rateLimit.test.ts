import { expect, test } from "bun:test";
import { createRateLimit } from "../../../src/platform/http/rateLimit";

test("a caller may do it so often in a window, each caller for itself, and again in the next", () => {
  let now = 1000;
  const limit = createRateLimit(2, 60_000, () => now);
  expect(limit.take("a")).toEqual({ isAllowed: true, limit: 2, remaining: 1, resetS: 60 });
  expect(limit.take("a").isAllowed).toBe(true);
  now += 30_500;
  expect(limit.take("a")).toEqual({ isAllowed: false, limit: 2, remaining: 0, resetS: 30 });
  expect(limit.take("b").isAllowed).toBe(true);
  now += 30_000;
  expect(limit.take("a").isAllowed).toBe(true);
});

test("a clock that is set back shuts nobody out for longer than a window", () => {
  let now = 1e9;
  const limit = createRateLimit(1, 1000, () => now);
  limit.take("a");
  expect(limit.take("a").isAllowed).toBe(false);
  now = 0;
  expect(limit.take("a").isAllowed).toBe(true);
});
