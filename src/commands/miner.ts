import { defineCommand } from "citty";
import { systemClock } from "../platform/clock";
import { UsageError } from "../platform/errors";
import { seededRandom, unseededRandom } from "../platform/random";
import { connectFleet, type MinerProfile, minerProfiles } from "../systems/market";

const MAX_WORKERS = 1000;
const MAX_GPUS = 64;

export default defineCommand({
  meta: { name: "miner", description: "Connect simulated workers to a market." },
  args: {
    workers: { type: "string", default: "2", description: `How many, at most ${MAX_WORKERS}`, valueHint: "N" },
    profile: { type: "string", default: "honest", description: minerProfiles.join(", "), valueHint: "NAME" },
    "mqtt-host": { type: "string", default: "localhost", description: "Where the broker is", valueHint: "HOST" },
    "mqtt-port": { type: "string", default: "1883", description: "The broker's port", valueHint: "PORT" },
    "block-interval": { type: "string", default: "5.0", description: "Mean seconds between blocks", valueHint: "S" },
    "gpu-count": { type: "string", default: "2", description: `GPUs of each, at most ${MAX_GPUS}`, valueHint: "N" },
    "api-port": {
      type: "string",
      default: "0",
      description: "The market's HTTP port: blocks go to the chain there first; 0 leaves that out",
      valueHint: "PORT",
    },
    user: { type: "string", description: "For a broker that asks who comes", valueHint: "NAME" },
    password: { type: "string", description: "That user's password", valueHint: "TEXT" },
    token: { type: "string", description: "A token instead, as market enroll makes it", valueHint: "TOKEN" },
    seed: { type: "string", description: "Makes the workers' chance repeatable", valueHint: "N" },
  },
  async run({ args }) {
    const host = args["mqtt-host"];
    const apiPort = wholeNumber("api-port", args["api-port"], 0, 65_535);
    const stopping = new AbortController();
    const stopped = new Promise((resolve) => stopping.signal.addEventListener("abort", resolve, { once: true }));
    for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => stopping.abort());
    const leave = await connectFleet({
      workers: wholeNumber("workers", args.workers, 1, MAX_WORKERS),
      mqttUrl: `mqtt://${host}:${wholeNumber("mqtt-port", args["mqtt-port"], 1, 65_535)}`,
      credentials: credentialsOf(args),
      apiUrl: apiPort === 0 ? undefined : `http://${host}:${apiPort}`,
      blockIntervalSec: interval(args["block-interval"]),
      gpuCount: wholeNumber("gpu-count", args["gpu-count"], 0, MAX_GPUS),
      profile: profile(args.profile),
      clock: systemClock,
      random: args.seed === undefined ? unseededRandom() : seededRandom(wholeNumber("seed", args.seed, 0, 2 ** 32 - 1)),
      tell: (workerId, what) => process.stdout.write(`${workerId} ${what}\n`),
      stopAsked: stopping.signal,
    });
    await stopped;
    await leave();
    return 0;
  },
});

interface Secrets {
  user?: string | undefined;
  password?: string | undefined;
  token?: string | undefined;
}

function credentialsOf({ user, password, token }: Secrets) {
  const secret = token ?? password;
  if (user === undefined && secret === undefined) return undefined;
  if (user !== undefined && secret !== undefined) return { username: user, password: secret };
  throw new UsageError("--user and --password, or --user and --token: both are needed.");
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`--${flag}: expected a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`);
}

function interval(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds > 0 && seconds <= 86_400) return seconds;
  throw new UsageError(`--block-interval: expected seconds above 0, at most 86400, got ${JSON.stringify(text)}`);
}

function profile(name: string): MinerProfile {
  const known = minerProfiles.find((one) => one === name);
  if (known !== undefined) return known;
  throw new UsageError(`--profile: expected one of ${minerProfiles.join(", ")}, got ${JSON.stringify(name)}`);
}
