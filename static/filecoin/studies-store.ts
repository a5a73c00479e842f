import type { BacktestFindings } from "../../src/systems/filecoin/skill/schema";
import type { FaultReport } from "../common/api";
import { createStore } from "../common/store";
import type { BandChoice } from "./band-choice";
import type { BatchAnswer, Study } from "./batch";
import type { BandsOf } from "./charts";
import type { Latest } from "./latest";

/** What many runs tell about the scenario of the page. */
export interface Studies {
  futures: Latest<Study<BatchAnswer>>;
  backtest: Latest<Study<BacktestFindings>>;
  /** The bands about the lines of the four charts, by what was chosen for them. */
  bands: Record<BandChoice, { of: BandsOf; fault: FaultReport | undefined }>;
}

/** Filled as soon as a chart or a tab wants some of it. */
export const studies = createStore<Studies | undefined>(undefined);
