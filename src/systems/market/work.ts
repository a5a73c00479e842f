import type { WorkHandlers } from "../../platform/compute/work";
import { runReplay } from "./replay/run";

/** The kinds of work of the market, as a Worker runs them. */
export const marketWork = { "market.replay": runReplay } satisfies WorkHandlers;
