import { defineCommand } from "citty";
import { loadConfig, readEnvFile } from "../config/load";
import { UsageError } from "../platform/errors";
import { signedScopes, writeToken } from "../systems/epistemix";

const STANDARD_SCOPES = "local";

/** Prints what the client of a system sends to say who it is. */
export default defineCommand({
  meta: { name: "token", description: "Print a token, as a client's settings take it." },
  args: {
    system: { type: "string", description: "The system that the token is for: epistemix", default: "epistemix" },
    user: { type: "positional", description: "The user's number, from 1", required: true },
    scopes: { type: "positional", description: "What stands as scopes_hash", required: false },
  },
  async run({ args }) {
    if (args.system !== "epistemix") throw new UsageError(`--system: expected epistemix, got ${args.system}`);
    const userId = /^\d{1,16}$/.test(args.user) ? Number(args.user) : 0;
    if (!Number.isSafeInteger(userId) || userId < 1)
      throw new UsageError(`USER: expected a number from 1, got ${args.user}`);
    const { EPISTEMIX_TOKEN_SECRET: secret } = loadConfig({
      environment: process.env,
      file: readEnvFile(".env"),
    }).values;
    const scopes = secret === undefined ? (args.scopes ?? STANDARD_SCOPES) : signedScopes(userId, secret);
    await Bun.write(Bun.stdout, `${writeToken(userId, scopes)}\n`);
    return 0;
  },
});
