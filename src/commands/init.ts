import { defineCommand } from "citty";
import { envExample } from "../config/envExample";
import { freshSecret, writeSecretFile } from "../config/secrets";

export default defineCommand({
  meta: { name: "init", description: "Write a .env with every setting explained and fresh secrets; never over one." },
  args: { file: { type: "string", default: ".env", description: "Where to write it", valueHint: "FILE" } },
  run({ args }) {
    writeSecretFile(args.file, envExample().replace(/^#SECRET_KEY=.*$/m, `SECRET_KEY=${freshSecret()}`));
    process.stderr.write(`Wrote ${args.file}, readable by you alone. It holds a new SECRET_KEY.\n`);
  },
});
