import type { WorkContext, WorkHandlers } from "../../../platform/compute/work";
import type { Engine } from "../model/engine";
import { type AnchorInput, anchorForecast } from "../skill/anchorForecast";
import type { BacktestAnswerInput } from "../skill/backtest";
import { backtestAnswer } from "../skill/backtestAnswer";
import type { BatchContents } from "./answers/contents";
import { effectsOf } from "./answers/effects";
import type { EffectsInput } from "./answers/sensitivity";
import { writeAnswer } from "./answers/write";
import { type DesignInput, fillDesign } from "./request/design";
import { openBins, takeFigures } from "./run/bandStore";
import { type ChunkInput, runChunk } from "./run/chunk";
import type { BandsInput, BinsInput } from "./run/cpuEngine";

/** The kinds of work of batches, as a Worker runs them. */
export const batchWork = (engineOf: (context: WorkContext) => Engine) =>
  ({
    "filecoin.batchRuns": (input: ChunkInput, context: WorkContext) => runChunk(engineOf(context), input),
    "filecoin.batchBins": ({ store, pilot, fromColumn, toColumn }: BinsInput) =>
      openBins(store, pilot, fromColumn, toColumn),
    "filecoin.batchBands": ({ store, done, fromColumn, toColumn, figures }: BandsInput) =>
      takeFigures(store, done, fromColumn, toColumn, figures),
    "filecoin.batchDesign": ({ design, inputs, points }: DesignInput) => fillDesign(design, inputs, points),
    "filecoin.batchEffects": ({ results, points, samples, inputs, seed }: EffectsInput) =>
      effectsOf(results, points, samples, inputs, seed),
    "filecoin.batchAnswer": (contents: BatchContents) => writeAnswer(contents),
    "filecoin.backtestAnchor": (input: AnchorInput, context: WorkContext) => anchorForecast(engineOf(context), input),
    "filecoin.backtestAnswer": (input: BacktestAnswerInput) => backtestAnswer(input),
  }) satisfies WorkHandlers;
