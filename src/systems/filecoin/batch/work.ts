import type { WorkContext, WorkHandlers } from "../../../platform/compute/work";
import type { Engine } from "../model/engine";
import { type AnchorInput, anchorForecast } from "../skill/anchorForecast";
import type { BacktestAnswerInput } from "../skill/backtest";
import { backtestAnswer } from "../skill/backtestAnswer";
import { type BatchAnswerInput, batchAnswer } from "./answer";
import { openBins, takeQuantiles } from "./bandStore";
import type { BandsInput, BinsInput } from "./cpuEngine";
import { type DesignInput, fillDesign } from "./design";
import { type ChunkInput, runChunk } from "./runChunk";
import { effectsOf } from "./sensitivity";
import type { EffectsInput } from "./sensitivityAnswer";

/** The kinds of work of batches, as a Worker runs them. */
export const batchWork = (engineOf: (context: WorkContext) => Engine) =>
  ({
    "filecoin.batchRuns": (input: ChunkInput, context: WorkContext) => runChunk(engineOf(context), input),
    "filecoin.batchBins": ({ store, pilot, fromColumn, toColumn }: BinsInput) =>
      openBins(store, pilot, fromColumn, toColumn),
    "filecoin.batchBands": ({ store, done, fromColumn, toColumn, values, errors }: BandsInput) =>
      takeQuantiles(store, done, fromColumn, toColumn, values, errors),
    "filecoin.batchDesign": ({ design, inputs, points }: DesignInput) => fillDesign(design, inputs, points),
    "filecoin.batchEffects": ({ results, points, samples, inputs, seed }: EffectsInput) =>
      effectsOf(results, points, samples, inputs, seed),
    "filecoin.batchAnswer": (input: BatchAnswerInput) => batchAnswer(input),
    "filecoin.backtestAnchor": (input: AnchorInput, context: WorkContext) => anchorForecast(engineOf(context), input),
    "filecoin.backtestAnswer": (input: BacktestAnswerInput) => backtestAnswer(input),
  }) satisfies WorkHandlers;
