import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** All that is counted and measured of the process, in Prometheus' form; each part registers its own on this registry. */
export interface Metrics {
  registry: Registry;
  requests: Counter<"method" | "route" | "status">;
  requestSeconds: Histogram<"route">;
  /** A gauge that is read when somebody looks. */
  gauge(name: string, help: string, read: () => number): void;
  /** The same with a value for each set of labels. */
  gauges<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: () => Iterable<CounterValue<Label>>,
  ): void;
  /** A counter that its owner counts himself, with a value for each set of labels; read when somebody looks. */
  counter<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: () => Iterable<CounterValue<Label>>,
  ): void;
}

/** One value of a counter or gauge, as it stands now. */
export type CounterValue<Label extends string> = readonly [labels: Record<Label, string>, value: number];

const REQUEST_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: "foresight_http_requests_total",
    help: "Requests answered, by route and status.",
    labelNames: ["method", "route", "status"] as const,
    registers,
  });
  const requestSeconds = new Histogram({
    name: "foresight_http_request_seconds",
    help: "Seconds from the request's arrival to its answer.",
    labelNames: ["route"] as const,
    buckets: REQUEST_BUCKETS_S,
    registers,
  });
  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }
  const build = new Gauge({ name: "foresight_build_info", help: "The version.", labelNames: ["version"], registers });
  build.set({ version }, 1);
  gauge("process_resident_memory_bytes", "Resident memory in bytes.", () => process.memoryUsage.rss());
  gauge("process_uptime_seconds", "Seconds since the start.", () => process.uptime());
  return { registry, requests, requestSeconds, gauge, ...labelled(registry) };
}

/** Gauges and counters with a value for each set of labels, read when somebody looks. */
function labelled(registry: Registry): Pick<Metrics, "gauges" | "counter"> {
  const registers = [registry];
  return {
    gauges(name, help, labelNames, read) {
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        collect() {
          this.reset();
          for (const [labels, value] of read()) this.set(labels, value);
        },
      });
    },
    counter(name, help, labelNames, read) {
      new Counter({
        name,
        help,
        labelNames,
        registers,
        collect() {
          this.reset();
          for (const [labels, value] of read()) this.inc(labels, value);
        },
      });
    },
  };
}
