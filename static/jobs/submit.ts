import type { SubmissionAnswer, SubmitAnswer } from "../../src/systems/jobs/schema/simulations";
import { postJson } from "../common/api";
import { goToJob } from "./place";
import { at } from "./session";

/** Submits a job and shows it. Throws a RequestFault. */
export async function submitAndShow(submission: Partial<SubmissionAnswer>): Promise<void> {
  const { id } = await postJson<SubmitAnswer>(at("/simulations"), submission);
  goToJob(id);
}

/** Submits the same as a job once more. Throws a RequestFault. */
export async function runAgain(id: string): Promise<SubmitAnswer> {
  return postJson<SubmitAnswer>(at(`/simulations/${id}/retry`), {});
}
