import type { BatchAnswer } from "../../src/systems/filecoin/batch/schema/answers";
import type { BacktestFindings } from "../../src/systems/filecoin/skill/schema";
import { createStore } from "../common/store";
import type { Study } from "./batch";
import type { BandsOf } from "./charts";
import type { Latest } from "./latest";

/** What many runs tell about the scenario of the page, and the bands that they give the lines of the four charts. */
export interface StudyOfMany<Answer> {
  study: Latest<Study<Answer>>;
  bandsOf: BandsOf;
}

/** Both are filled as soon as a chart or a tab wants them. */
export const futures = createStore<StudyOfMany<BatchAnswer> | undefined>(undefined);
export const backtest = createStore<StudyOfMany<BacktestFindings> | undefined>(undefined);
