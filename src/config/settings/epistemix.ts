import { choice, integer, port, text, toggle } from "../kinds";
import type { Settings } from "../setting";

/** The epidemic platform (docs/epistemix.md). */
export const epistemixSettings = {
  EPISTEMIX_PORT: {
    kind: port,
    meaning: "Port of the epidemic platform alone, at its root.",
    aliases: ["FLASK_PORT"],
  },
  EPISTEMIX_PROFILE: {
    kind: choice("live", "contract"),
    default: "live",
    meaning: "`contract` answers with the fixed values of the recorded contract and runs nothing.",
  },
  EPISTEMIX_ENFORCE_OWNERSHIP: {
    kind: toggle,
    default: "true",
    meaning: "Users reach their own jobs and runs alone; false lets any reach all, as the original does.",
  },
  EPISTEMIX_TOKEN_SECRET: {
    kind: text,
    meaning: "When set, a token's scopes_hash must be the HMAC-SHA256 of its user id by this secret.",
    secret: true,
  },
  EPISTEMIX_FIRST_JOB_ID: {
    kind: integer(1, 1_000_000_000),
    default: "123",
    meaning: "The id of the first job in an empty database.",
  },
  EPISTEMIX_FIRST_RUN_ID: {
    kind: integer(1, 1_000_000_000),
    default: "978",
    meaning: "The id of the first run in an empty database.",
  },
  EPISTEMIX_CONCURRENCY: {
    kind: integer(1, 256),
    meaning: "Runs of models at a time in this process; default one for each core.",
  },
  EPISTEMIX_TIMEOUT_S: {
    kind: integer(1, 7 * 86_400),
    default: "3600",
    unit: "s",
    meaning: "The longest that one run of a model may take.",
  },
  FRED_BIN: {
    kind: text,
    meaning: "A real FRED that runs what is uploaded, in a child process with the same limits; default our own engine.",
  },
} satisfies Settings;
