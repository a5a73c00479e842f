import { createHash } from "node:crypto";
import { defineCommand } from "citty";
import { freshSecret } from "../config/secrets";
import { UsageError } from "../platform/errors";
import { userLine } from "../systems/broker";

const MAX_PASSWORD_LENGTH = 1024;

export default defineCommand({
  meta: {
    name: "mqtt-user",
    description: "Print a line for MQTT_USERS_FILE: of a password read from standard input, or of a new token.",
  },
  args: {
    name: { type: "positional", required: true, description: "The user's name" },
    token: { type: "boolean", description: "Make a token, which is told on standard error this once" },
  },
  async run({ args }) {
    const secret = args.token ? tokenHash() : await Bun.password.hash(await readPassword(), "argon2id");
    const line = userLine.safeParse({ user: args.name, secret });
    if (!line.success) throw new UsageError(`the user's name: ${line.error.issues[0]!.message}`);
    await Bun.write(Bun.stdout, `${JSON.stringify(line.data)}\n`);
    return 0;
  },
});

function tokenHash(): string {
  const token = freshSecret();
  process.stderr.write(`The token, to be used as the password: ${token}\n`);
  return `sha256:${createHash("sha256").update(token).digest("hex")}`;
}

/** The first line of standard input; what a terminal shows of it is up to the terminal. */
async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write("Password, which will be seen as it is typed: ");
  for await (const line of console) {
    if (line.length > MAX_PASSWORD_LENGTH)
      throw new UsageError(`The password is longer than ${MAX_PASSWORD_LENGTH} characters.`);
    if (line !== "") return line;
    break;
  }
  throw new UsageError("No password came on standard input: echo it into this command, or take --token.");
}
