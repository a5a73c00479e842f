import { z } from "zod";
import { type Operation, operation } from "../../../platform/http/api/operation";

/** The names under which the API document knows the two headers that carry a token. */
export const OFFLINE_TOKEN = "epistemixOfflineToken";
export const EPISTEMIX_BEARER = "epistemixBearer";

/** Whatever it says, a call without it is refused. */
const HEADERS = z.object({
  "fredcli-version": z.string().meta({ description: "Any version, as the client sends one.", examples: ["0.4.0"] }),
});

type About = Omit<Operation, "summary" | "answer" | "others" | "security">;

/** What the API document says of a route that asks for a token. */
export function describe<Answer extends z.ZodType>(summary: string, answer: Answer, about: About = {}) {
  const security = [{ [OFFLINE_TOKEN]: [] }, { [EPISTEMIX_BEARER]: [] }];
  return operation({ summary, answer, security, headers: HEADERS, ...about });
}
