import type { FaultReport } from "../common/api";
import { reportOf } from "../common/api";
import { type Asked, useAsked } from "./asked";
import { askForecast, type ModelForecast, type Task } from "./forecast";

/** What the models say of one task. */
export interface ShownForecasts {
  task: Task;
  /** The chosen one first. */
  forecasts: readonly ModelForecast[];
  failed: readonly { model: string; report: FaultReport }[];
}

/** Asks each of these models; the fault of the first is that of the whole. */
export function useForecasts(task: Task | undefined, models: readonly string[]): Asked<ShownForecasts> {
  const question = task === undefined ? undefined : `${taskKey(task)} ${JSON.stringify(models)}`;
  return useAsked(question, "POST /api/v1/forecast", async (signal) => {
    const asked = models.map((model) => askForecast(task!, model, signal));
    const answers = await Promise.allSettled(asked);
    const forecasts = [
      await asked[0]!,
      ...answers.slice(1).flatMap((one) => (one.status === "fulfilled" ? one.value : [])),
    ];
    const failed = answers.flatMap((one, place) =>
      one.status === "fulfilled"
        ? []
        : [{ model: models[place]!, report: reportOf(one.reason, "POST /api/v1/forecast") }],
    );
    return { task: task!, forecasts, failed };
  });
}

const serials = new WeakMap<object, number>();
let lastSerial = 0;

/** Tells one task from another. */
export function taskKey({ reading, known, horizon, context, edits }: Task): string {
  const serial = serials.get(reading) ?? ++lastSerial;
  serials.set(reading, serial);
  return JSON.stringify([serial, known, horizon, context, edits]);
}
