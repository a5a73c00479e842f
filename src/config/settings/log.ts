import { choice, text } from "../kinds";
import type { Settings } from "../setting";

/** What is logged, and where. */
export const logSettings = {
  LOG_LEVEL: {
    kind: choice("debug", "info", "warning", "error", "critical"),
    default: "info",
    meaning: "The least important line that is logged.",
  },
  LOG_FILE: { kind: text, meaning: "File to append the log to; default standard error." },
} satisfies Settings;
