/** Holds the data folder and the database that the arguments name until it is killed; says "held", or why it cannot. */
import { openDataFolder } from "../../../src/platform/database";

try {
  openDataFolder(process.argv[2]!, process.argv[3]);
  Bun.gc(true);
  process.stdout.write("held");
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(String(error));
  process.exitCode = 2;
}
