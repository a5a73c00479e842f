import type { ArgsDef } from "citty";
import { systemClock } from "../platform/clock";
import { configFrom, settingArgs } from "./settingFlags";

const all = settingArgs();

/** The flags of the commands that need nothing but the place of the database. */
export const databaseArgs: ArgsDef = { "data-dir": all["data-dir"]!, "db-path": all["db-path"]! };

/** Where the settings in force say that the data is. */
export function databaseSettings(args: Record<string, unknown>) {
  const { values } = configFrom(args);
  return {
    databaseUrl: values.DATABASE_URL,
    dataDir: values.DATA_DIR,
    databaseFile: values.DATABASE_FILE,
    now: systemClock.now,
  };
}
