import { choice, integer } from "../kinds";
import type { Settings } from "../setting";

/** The threads that calculate. */
export const computeSettings = {
  WORKERS: {
    kind: integer(1, 256),
    meaning: "Threads that calculate; default the number of cores less one, at least one.",
    unit: "threads",
  },
  COMPUTE_MAX_WAIT_S: {
    kind: integer(1, 3600),
    default: "20",
    unit: "s",
    meaning: "Work that would wait longer than this is refused with 503 and Retry-After.",
  },
  GPU: {
    kind: choice("auto", "off"),
    default: "auto",
    meaning: "`auto` tries the card of this machine and uses it where it ends sooner; `off` leaves it alone.",
  },
} satisfies Settings;
