import { defineCommand } from "citty";
import { loadConfig, readEnvFile } from "../config/load";
import { namedSecret } from "../config/secrets";
import { derivedKey } from "../platform/auth/keys";
import { UsageError } from "../platform/errors";
import { signedScopes, writeToken } from "../systems/epistemix";
import { isKeyName, writeKeyToken } from "../systems/forecasting";
import { wholeNumber } from "./forecast";
import { textArg } from "./scenarioArgs";

const STANDARD_SCOPES = "local";

/** Prints what the client of a system sends to say who it is. */
export default defineCommand({
  meta: { name: "token", description: "Print a token, as a client's settings take it." },
  args: {
    system: {
      type: "string",
      description: "The system that the token is for: epistemix or forecasting",
      default: "epistemix",
    },
    user: {
      type: "positional",
      description: "The user's number, from 1; of forecasting the name of the key",
      required: true,
    },
    scopes: { type: "positional", description: "What stands as scopes_hash", required: false },
    days: textArg("Of forecasting: for how long it is good (default 365)", "N"),
    "per-minute": textArg("Of forecasting: requests in a minute (default: FORECAST_RATE_PER_MINUTE)", "N"),
    "per-month": textArg("Of forecasting: requests in a month (default: FORECAST_RATE_PER_MONTH)", "N"),
  },
  async run({ args }) {
    if (args.system === "forecasting") return printKeyToken(args);
    if (args.system !== "epistemix") {
      throw new UsageError(`--system: expected epistemix or forecasting, got ${args.system}`);
    }
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

const STANDARD_DAYS = 365;
const DAY_S = 86_400;

/** A token of forecasting, signed with the secret of the settings or of the data folder. */
async function printKeyToken(args: Record<string, unknown>): Promise<number> {
  const name = String(args["user"]);
  if (!isKeyName(name)) throw new UsageError(`USER: expected up to 64 of A-Z a-z 0-9 . _ -, got ${name.slice(0, 80)}`);
  const loaded = loadConfig({ environment: process.env, file: readEnvFile(".env") });
  const secretKey = namedSecret("SECRET_KEY", loaded, loaded.values.DATA_DIR, (told) =>
    process.stderr.write(`${told}\n`),
  );
  const [perMinute, perMonth] = [wholeNumber(args, "per-minute"), wholeNumber(args, "per-month")];
  const days = wholeNumber(args, "days") ?? STANDARD_DAYS;
  const grant = {
    name,
    expiresAtS: Math.floor(Date.now() / 1000) + days * DAY_S,
    ...(perMinute && { perMinute }),
    ...(perMonth && { perMonth }),
  };
  await Bun.write(Bun.stdout, `${writeKeyToken(grant, derivedKey(secretKey, "forecast"))}\n`);
  return 0;
}
