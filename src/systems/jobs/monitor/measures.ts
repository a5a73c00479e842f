import type { Metrics } from "../../../platform/metrics";
import type { Records } from "../life/records";
import type { Runners } from "../running/runners";

/** Figures for `/metrics` that are read from the database, as often as they are renewed. */
export interface Measures {
  renew(): Promise<void>;
}

/** Registers what is told of jobs, queues and slots. A scrape reads what was renewed last and waits for nothing. */
export function createMeasures(metrics: Metrics, records: Records, runners: Runners): Measures {
  let jobs: { simulationType: string; status: string; jobs: number }[] = [];
  let waiting: { queue: string; ready: number; delayed: number; leased: number }[] = [];
  let reportBytes = 0;
  metrics.gauges("foresight_jobs", "Jobs, by type and state.", ["type", "status"], () =>
    jobs.map(({ simulationType: type, status, jobs: many }) => [{ type, status }, many] as const),
  );
  metrics.gauges("foresight_jobs_queue_depth", "Entries of queues, by state.", ["queue", "state"], () =>
    waiting.flatMap(({ queue, ...states }) =>
      Object.entries(states).map(([state, many]) => [{ queue, state }, many] as const),
    ),
  );
  const slots = { simulations: runners.simulations, reports: runners.reports, callbacks: runners.callbacks };
  metrics.gauges("foresight_jobs_slots", "Slots of this process, by queue and use.", ["queue", "use"], () =>
    Object.entries(slots).flatMap(([queue, runner]) => {
      const { slots: all, running } = runner.load();
      return [[{ queue, use: "all" }, all] as const, [{ queue, use: "running" }, running.length] as const];
    }),
  );
  metrics.gauge("foresight_reports_bytes", "Bytes of the files of reports that are kept.", () => reportBytes);
  return {
    async renew() {
      jobs = await records.counts.byTypeAndStatus();
      const names = Object.keys(slots);
      waiting = await Promise.all(names.map(async (queue) => ({ queue, ...(await records.queue.figures(queue)) })));
      reportBytes = await records.reports.blobBytes();
    },
  };
}
