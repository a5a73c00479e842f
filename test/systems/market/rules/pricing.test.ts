import { describe, expect, test } from "bun:test";
import {
  durationWarning,
  estimate,
  pricingFault,
  suggestPricePerMin,
} from "../../../../src/systems/market/rules/pricing";

const terms = { pricePerMin: 0.6, minDurationSec: 60, maxDurationSec: 86_400 };

describe("the suggested price", () => {
  const cases: [what: string, gpus: unknown[], totalMemoryGb: number, gpuCount: number, expected: number][] = [
    ["known GPUs add up", [{ name: "NVIDIA GeForce RTX 4090" }, { name: "NVIDIA GeForce RTX 3080" }], 34, 2, 1.75],
    ["a 4070 Ti counts as a 4070", [{ name: "RTX 4070 Ti" }], 12, 1, 0.6],
    ["names are read without case", [{ name: "nvidia h100 pcie" }], 80, 1, 3.5],
    [
      "an unknown GPU is priced by memory",
      [
        { name: "X", memory_gb: 80 },
        { name: "Y", memory_gb: 12 },
      ],
      92,
      2,
      2.4,
    ],
    ["totalMemory stands in for memory_gb", [{ name: "X", totalMemory: 24 }], 24, 1, 0.8],
    ["memory_gb goes first", [{ name: "X", memory_gb: 8, totalMemory: 24 }], 8, 1, 0.2],
    ["memory_gb is there also when it is null", [{ name: "X", memory_gb: null, totalMemory: 24 }], 24, 1, 0.2],
    ["numbers may come as text", [{ memory_gb: "24" }], 24, 1, 0.8],
    ["other texts count as nothing", [{ memory_gb: "lots" }, { memory_gb: null }, 7, null], 0, 4, 0.8],
    ["without a list, total memory times count", [], 24, 3, 2.4],
    ["without a list, 80 GB and more", [], 80, 2, 4],
    ["without a list and little memory, a flat price", [], 11, 5, 0.6],
    ["without a list and no GPU, nothing", [], 24, 0, 0],
  ];
  for (const [what, gpus, totalMemoryGb, gpuCount, expected] of cases) {
    test(what, () => expect(suggestPricePerMin({ gpus, totalMemoryGb, gpuCount })).toBe(expected));
  }
});

describe("the estimate", () => {
  test("each figure is rounded by itself from the unrounded total", () => {
    expect(estimate(terms, 5)).toEqual({
      totalCost: 0.05,
      providerPayout: 0.0475,
      platformFee: 0.0025,
      warning: "Duration below minimum (60s)",
    });
    expect(estimate({ ...terms, pricePerMin: 0.0001 }, 90)).toEqual({
      totalCost: 0.0002,
      providerPayout: 0.0001,
      platformFee: 0,
    });
  });

  test("a duration outside the worker's limits is warned of, one on the limit is not", () => {
    expect(durationWarning(terms, 59)).toBe("Duration below minimum (60s)");
    expect(durationWarning(terms, 60)).toBeUndefined();
    expect(durationWarning(terms, 86_400)).toBeUndefined();
    expect(durationWarning(terms, 86_401)).toBe("Duration above maximum (86400s)");
  });
});

test("a pricing is refused by its first fault", () => {
  expect(pricingFault({ pricePerMin: -1, minDurationSec: 0, maxDurationSec: 0 })).toBe(
    "price_per_min must be non-negative",
  );
  expect(pricingFault({ pricePerMin: 0, minDurationSec: 0, maxDurationSec: 0 })).toBe(
    "min_duration_sec must be at least 1",
  );
  expect(pricingFault({ pricePerMin: 0, minDurationSec: 9, maxDurationSec: 8 })).toBe(
    "max_duration_sec must be >= min_duration_sec",
  );
  expect(pricingFault({ pricePerMin: 0, minDurationSec: 1, maxDurationSec: 1 })).toBeUndefined();
});
