import { expect, test } from "bun:test";
import { createRates } from "../../../../src/systems/forecasting/original/rates";
import { manualClock } from "../../../support/manualClock";

const limits = { initialization: 5, inference: 2, default: 60 };

test("a caller has so many requests in a minute that begins with the first, and is told when to come back", () => {
  const clock = manualClock(1_000_000);
  const { count } = createRates(clock, limits);
  expect(count("a", "inference")).toEqual({
    "x-ratelimit-limit": "2",
    "x-ratelimit-remaining": "1",
    "x-ratelimit-reset": "1060",
    "retry-after": "60",
  });
  clock.advance(45_000);
  expect(count("a", "inference")["x-ratelimit-remaining"]).toBe("0");
  expect(() => count("a", "inference")).toThrow(
    expect.objectContaining({
      status: 429,
      retryAfterS: 15,
      body: {
        error: "rate_limit_exceeded",
        message: "Too many requests. Please try again later.",
        detail: "2 per 1 minute",
      },
    }),
  );
  clock.advance(15_000);
  expect(count("a", "inference")["x-ratelimit-remaining"]).toBe("1");
});

test("callers and classes of routes are counted apart, and nothing is counted where there are no limits", () => {
  const { count } = createRates(manualClock(0), limits);
  for (let asked = 0; asked < 2; asked++) count("a", "inference");
  expect(count("b", "inference")["x-ratelimit-remaining"]).toBe("1");
  expect(count("a", "default")["x-ratelimit-remaining"]).toBe("59");
  expect(createRates(manualClock(0), undefined).count("a", "inference")).toEqual({});
});
