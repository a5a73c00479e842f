import { expect, test } from "bun:test";
import { createMetrics } from "../../../src/platform/metrics";
import { createStatistics } from "../../../src/platform/operations/statistics";

test("a route slower than every bucket has no quantile rather than an enormous one", async () => {
  const metrics = createMetrics("test");
  const figures = createStatistics(metrics);
  metrics.requests.inc({ method: "GET", route: "/slow", status: "200" });
  metrics.requestSeconds.observe({ route: "/slow" }, 3600);
  metrics.requests.inc({ method: "GET", route: "/uncounted", status: "200" });
  metrics.requests.inc({ method: "GET", route: "/quick", status: "200" });
  metrics.requestSeconds.observe({ route: "/quick" }, 0.004);
  const { routes } = await figures();
  expect(routes).toEqual([
    { method: "GET", path: "/slow", count: 1, failed: 0, p50Ms: null, p99Ms: null },
    { method: "GET", path: "/uncounted", count: 1, failed: 0, p50Ms: null, p99Ms: null },
    { method: "GET", path: "/quick", count: 1, failed: 0, p50Ms: 5, p99Ms: 5 },
  ]);
});
