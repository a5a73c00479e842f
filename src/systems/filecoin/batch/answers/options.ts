import type { Answer } from "../../answers/answer";
import type { Checkpoints } from "../run/job";
import type { BatchFormat } from "./contents";

/** How an answer is wanted. */
export interface AnswerOptions {
  format: BatchFormat;
  signal?: AbortSignal | undefined;
  /** Receives answers over the first runs, with bands alone. */
  onBands?: ((answer: Answer) => void) | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
  checkpoints?: Checkpoints | undefined;
}

/** A request that was checked and for which there is room; does the work and gives its answer. */
export type AdmittedRequest = (options: AnswerOptions) => Promise<Answer>;
