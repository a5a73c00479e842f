import type { Answer } from "../../answers/answer";
import type { Delegate } from "../run/delegate";
import type { BatchFormat } from "./contents";
import type { InputEffect } from "./effects";
import type { Outcome } from "./outcome";
import { rowsAnswer } from "./rows";

/** What one piece of work takes the effects of: one series on one day. */
export interface EffectsInput {
  results: Float64Array;
  points: Float64Array;
  samples: number;
  inputs: number;
  seed: number;
}

/** What each input does to each series on each point day. */
export async function sensitivityAnswer(
  { order, job, figures, about }: Outcome,
  samples: number,
  delegate: Delegate,
  format: BatchFormat,
): Promise<Answer> {
  const { plan, outputs, pointDays, runs } = job;
  if (plan.kind !== "points") throw new Error("a sensitivity study has a design");
  const effects: ({ series: string; day: number; input: string } & InputEffect)[] = [];
  const centres: { series: string; day: number; value: number | null }[] = [];
  for (const [o, series] of outputs.entries()) {
    for (const [d, day] of pointDays.entries()) {
      const from = (o * pointDays.length + d) * runs;
      const results = figures.points.subarray(from, from + runs);
      const shape = { points: plan.points, samples, inputs: plan.inputs.length, seed: order.seed ?? 1 };
      const of = await delegate("filecoin.batchEffects", { results, ...shape });
      centres.push({ series, day, value: of.centre });
      effects.push(...of.effects.map((effect, i) => ({ series, day, input: plan.inputs[i]!, ...effect })));
    }
  }
  return rowsAnswer(
    { ...about, samples, centres, effects },
    effects.map((effect) => ({ ...effect })),
    format,
  );
}
