import { createHash } from "node:crypto";
import { appendFileSync, chmodSync, existsSync } from "node:fs";
import { defineCommand } from "citty";
import { freshSecret } from "../../config/secrets";
import { UsageError } from "../../platform/errors";
import { userLine } from "../../systems/broker";
import { isWorkerId } from "../../systems/market";

const OWNER_ONLY = 0o600;

/** The client identifiers under which miners and simulators speak for a worker. */
const CLIENTS = ["", "xenminer_", "sim-"];

export default defineCommand({
  meta: {
    name: "enroll",
    description: "Let a miner in: a user with a token, and the right to speak for one worker, for MQTT_USERS_FILE.",
  },
  args: {
    worker: { type: "positional", required: true, description: "The worker's id, which becomes the user's name" },
    file: { type: "string", description: "Add the lines to this file; else they are printed", valueHint: "PATH" },
  },
  async run({ args: { worker, file } }) {
    if (!isWorkerId(worker)) throw new UsageError("The worker's id must not be empty nor have /, + or # in it.");
    const token = freshSecret();
    const secret = `sha256:${createHash("sha256").update(token).digest("hex")}`;
    const user = userLine.safeParse({ user: worker, secret });
    if (!user.success) throw new UsageError(`The worker's id: ${user.error.issues[0]!.message}`);
    const rules = CLIENTS.map((start) => {
      return { allow: "both", user: worker, client: `${start}${worker}`, topics: [`xenminer/${worker}/#`] };
    });
    const lines = [user.data, ...rules].map((line) => `${JSON.stringify(line)}\n`).join("");
    if (file === undefined) await Bun.write(Bun.stdout, lines);
    else addTo(file, lines);
    process.stderr.write(`The token of ${worker}, told this once: ${token}\n`);
    return 0;
  },
});

function addTo(file: string, lines: string): void {
  const isNew = !existsSync(file);
  appendFileSync(file, lines, { mode: OWNER_ONLY });
  if (isNew) chmodSync(file, OWNER_ONLY);
}
