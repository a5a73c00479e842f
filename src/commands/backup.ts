import { defineCommand } from "citty";
import { makeBackup } from "../platform/database";
import { VERSION } from "../platform/version";
import { databaseArgs, databaseSettings } from "./databaseSettings";

export default defineCommand({
  meta: { name: "backup", description: "Copy everything that is kept into one file, also while a server runs." },
  args: {
    ...databaseArgs,
    to: { type: "string", required: true, description: "The file to make (.tar.gz)", valueHint: "FILE" },
  },
  async run({ args }) {
    const { dataDir, databaseFile, now, databaseUrl } = databaseSettings(args);
    if (databaseUrl !== undefined) process.stderr.write("Rows in Postgres are not part of it; pg_dump saves those.\n");
    const report = await makeBackup({ dataDir, databaseFile, to: String(args["to"]), version: VERSION, nowMs: now() });
    for (const path of report.leftOut) process.stderr.write(`left out: ${path}\n`);
    await Bun.write(Bun.stdout, `${report.file}: ${report.files} files, ${report.sizeBytes} bytes\n`);
    return 0;
  },
});
