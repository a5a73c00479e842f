import type { WorkContext, WorkHandlers } from "../../../platform/compute/work";
import type { Engine } from "../model/engine";
import { openBins, takeQuantiles } from "./bandStore";
import type { BandsInput, BinsInput } from "./cpuEngine";
import { type ChunkInput, runChunk } from "./runChunk";

/** The kinds of work of batches, as a Worker runs them. */
export const batchWork = (engineOf: (context: WorkContext) => Engine) =>
  ({
    "filecoin.batchRuns": (input: ChunkInput, context: WorkContext) => runChunk(engineOf(context), input),
    "filecoin.batchBins": ({ store, pilot, fromColumn, toColumn }: BinsInput) =>
      openBins(store, pilot, fromColumn, toColumn),
    "filecoin.batchBands": ({ store, done, fromColumn, toColumn, values, errors }: BandsInput) =>
      takeQuantiles(store, done, fromColumn, toColumn, values, errors),
  }) satisfies WorkHandlers;
