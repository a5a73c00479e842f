import { choice, httpUrl, isoDate, port, text, timeOfDay, timeOfDayText, toggle } from "../kinds";
import type { Settings } from "../setting";

/** The Filecoin forecaster and the history that it starts from (docs/filecoin.md). */
export const filecoinSettings = {
  FILECOIN_PORT: { kind: port, meaning: "A port of its own for the Filecoin forecaster, alone at the root." },
  FILECOIN_HISTORY_FILE: {
    aliases: ["HISTORY_FILE"],
    kind: text,
    meaning: "A Filecoin history in a file, in place of the sample inside the program.",
    flags: ["history"],
  },
  FILECOIN_HISTORY_FALLBACK: {
    aliases: ["HISTORY_FALLBACK"],
    kind: choice("none", "sample"),
    default: "none",
    meaning: "`sample` serves the sample, marked as such, while a first history is fetched; `none` answers 503.",
  },
  FILECOIN_HISTORY_REANCHOR: {
    aliases: ["HISTORY_REANCHOR"],
    kind: toggle,
    default: "false",
    meaning: "Moves the dates of an outdated history so that it ends yesterday; its values then stand at wrong days.",
  },
  FILECOIN_HISTORY_START_DATE: {
    aliases: ["HISTORY_START_DATE"],
    kind: isoDate,
    default: "2025-01-01",
    meaning: "First day of a history that is fetched from Spacescope.",
  },
  SPACESCOPE_TOKEN: {
    kind: text,
    meaning: "The authorization that Spacescope asks for, `Bearer` included, or the path of a file as below.",
    secret: true,
  },
  SPACESCOPE_AUTH_FILE: {
    kind: text,
    default: ".spacescope_auth",
    meaning: 'A file {"auth_key": "Bearer ..."}, read where it exists and no token is set.',
  },
  SPACESCOPE_URL: {
    kind: httpUrl,
    default: "https://api.spacescope.io/v2",
    meaning: "Where the history is fetched from.",
  },
  FILECOIN_KNOWN_TRIM: {
    kind: choice("none", "server"),
    default: "none",
    meaning: "`server` cuts the known expirations twice, as the original server does.",
  },
  FILECOIN_RELOAD_TRIGGER: {
    aliases: ["RELOAD_TRIGGER"],
    kind: timeOfDay,
    write: timeOfDayText,
    default: "02:00",
    unit: "UTC",
    meaning: "When the Filecoin history is refreshed each day, if a Spacescope token is set.",
  },
  FILECOIN_RELOAD_TEST_MODE: {
    aliases: ["RELOAD_TEST_MODE"],
    kind: toggle,
    default: "false",
    meaning: "Refreshes the history every 120 seconds instead, to try the refresh out.",
  },
} satisfies Settings;
