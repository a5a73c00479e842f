import type { Answer } from "../answers/answer";
import { rowsAnswer } from "../batch/answers/rows";
import type { BacktestAnswerInput } from "./backtest";
import { comparisonsOf, scoresOf } from "./scores";

/** The answer: scores by series and horizon, and every comparison that they are made of. */
export function backtestAnswer(input: BacktestAnswerInput): Answer {
  const { about, outputs, horizonsDays, format } = input;
  const forecasts = comparisonsOf(input);
  const scores = scoresOf(forecasts, outputs, horizonsDays);
  return rowsAnswer(
    { ...about, scores, forecasts },
    scores.map((score) => ({ ...score })),
    format,
  );
}
