import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Metrics } from "../metrics";
import type { Statistics } from "./schema";

const NANOSECONDS_PER_MS = 1e6;
const LOOP_RESOLUTION_MS = 10;

/** The statistics of this process, summed up for a page: shares, percentiles, counts per route, and all others by name. */
export function createStatistics({ registry, requestSeconds, requests }: Metrics) {
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  loop.enable();
  let cpu = { at: performance.now(), used: process.cpuUsage() };

  function cpuShare(): number {
    const now = performance.now();
    const used = process.cpuUsage(cpu.used);
    const share = (used.user + used.system) / 1000 / Math.max(1, now - cpu.at);
    cpu = { at: now, used: process.cpuUsage() };
    return share;
  }

  return async function statistics(): Promise<Statistics> {
    const own = new Set(["foresight_http_requests_total", "foresight_http_request_seconds"]);
    const all = await registry.getMetricsAsJSON();
    const others = all
      .filter(({ name }) => !own.has(name))
      .flatMap(({ name, help, values }) =>
        values.map(({ labels, value }) => ({ name: name + labelText(labels), value, meaning: help })),
      );
    return {
      uptimeS: process.uptime(),
      memoryBytes: process.memoryUsage.rss(),
      cpuShare: cpuShare(),
      eventLoopDelayMs: {
        p50: loop.percentile(50) / NANOSECONDS_PER_MS,
        p99: loop.percentile(99) / NANOSECONDS_PER_MS,
      },
      routes: routeRows((await requests.get()).values, (await requestSeconds.get()).values),
      others,
    };
  };
}

type Labels = Partial<Record<string, string | number>>;

interface Sample {
  labels: Labels;
  value: number;
  metricName?: string | undefined;
}

function routeRows(counts: readonly Sample[], seconds: readonly Sample[]) {
  const rows = new Map<string, { method: string; path: string; count: number; failed: number }>();
  for (const { labels, value } of counts) {
    const [method, path] = [String(labels["method"]), String(labels["route"])];
    const row = rows.get(`${method} ${path}`) ?? { method, path, count: 0, failed: 0 };
    row.count += value;
    if (Number(labels["status"]) >= 500) row.failed += value;
    rows.set(`${method} ${path}`, row);
  }
  return [...rows.values()].map((row) => {
    const buckets = seconds.filter(
      ({ labels, metricName }) => labels["route"] === row.path && metricName?.endsWith("_bucket"),
    );
    return { ...row, p50Ms: quantileMs(buckets, 0.5), p99Ms: quantileMs(buckets, 0.99) };
  });
}

/** The upper bound of the bucket in which the quantile falls, in milliseconds; null where there is none. */
function quantileMs(buckets: readonly Sample[], quantile: number): number | null {
  const total = buckets.find(({ labels }) => labels["le"] === "+Inf")?.value ?? 0;
  const bound = buckets.find(({ value }) => value >= total * quantile)?.labels["le"];
  return bound === "+Inf" || bound === undefined ? null : Number(bound) * 1000;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
