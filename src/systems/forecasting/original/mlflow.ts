import type { Clock } from "../../../platform/clock";
import { messageOf } from "../../../platform/errors";
import type { Log } from "../../../platform/log";

/** What is recorded of one inference. */
export interface TrackedRun {
  model: string;
  params: Readonly<Record<string, string>>;
  metrics: Readonly<Record<string, number>>;
}

/** Records runs elsewhere. Nobody waits for that, and no forecast fails with it. */
export type Tracker = (run: () => Promise<TrackedRun>) => Promise<void>;

/** MLflow's experiment that is always there. */
const DEFAULT_EXPERIMENT = "0";
const TIMEOUT_MS = 10_000;
/** Of a value, by MLflow. */
const MAX_PARAM_CHARACTERS = 500;

/** Records runs by MLflow's REST API, 2.0: a run is created, gets its parameters and measures, and is finished. */
export function mlflowTracker(trackingUri: string, clock: Clock, log: Log): Tracker {
  async function call<Answer>(path: string, body: object): Promise<Answer> {
    const answer = await fetch(`${trackingUri}/api/2.0/mlflow/runs/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`MLflow answered ${path} with status ${answer.status}`);
    return (await answer.json()) as Answer;
  }

  return async (run) => {
    const now = clock.now();
    try {
      const { model, params, metrics } = await run();
      const created = await call<{ run: { info: { run_id: string } } }>("create", {
        experiment_id: DEFAULT_EXPERIMENT,
        run_name: `${model} inference`,
        start_time: now,
      });
      const { run_id } = created.run.info;
      await call("log-batch", {
        run_id,
        params: Object.entries(params).map(([key, value]) => ({ key, value: value.slice(0, MAX_PARAM_CHARACTERS) })),
        metrics: Object.entries(metrics).map(([key, value]) => ({ key, value, timestamp: now, step: 0 })),
      });
      await call("update", { run_id, status: "FINISHED", end_time: clock.now() });
    } catch (error) {
      log.write("warning", "a run was not recorded", { reason: messageOf(error) });
    }
  };
}
