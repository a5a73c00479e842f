import { defineCommand } from "citty";
import { restoreBackup } from "../platform/database";
import { databaseArgs, databaseSettings } from "./databaseSettings";

export default defineCommand({
  meta: { name: "restore", description: "Put a backup in the place of what the data folder holds; checked first." },
  args: {
    ...databaseArgs,
    from: { type: "string", required: true, description: "The backup", valueHint: "FILE" },
    force: { type: "boolean", description: "Replace what the data folder holds" },
  },
  async run({ args }) {
    const { dataDir, databaseFile } = databaseSettings(args);
    const { about, ...report } = await restoreBackup({
      from: String(args["from"]),
      dataDir,
      databaseFile,
      present: args["force"] === true ? "replace" : "refuse",
    });
    const made = `made ${about.createdAt} by version ${about.version}`;
    await Bun.write(Bun.stdout, `${report.dataDir}: ${report.files} files from the backup ${made}\n`);
    return 0;
  },
});
