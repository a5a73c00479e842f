import type { z } from "zod";
import { type Operation, operation } from "../../../platform/http/api/operation";

type About = Omit<Operation, "summary" | "answer" | "others" | "security">;

/** The name under which the API document knows the bearer token of jobs. */
export const JOBS_BEARER = "jobsBearer";

/** What the API document says of a route that asks for a token. */
export function describe<Answer extends z.ZodType>(summary: string, answer: Answer, about: About = {}) {
  return operation({ summary, answer, security: [{ [JOBS_BEARER]: [] }], ...about });
}

/** The same of a route that anybody may call. */
export function describeOpen<Answer extends z.ZodType>(summary: string, answer: Answer, about: About = {}) {
  return operation({ summary, answer, security: [], ...about });
}
