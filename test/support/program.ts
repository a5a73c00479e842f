import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The program from source, run as its users run it: a process of its own, talked to through pipes and sockets. */

const root = join(import.meta.dir, "../..");
const START_TIMEOUT_MS = 15_000;

export interface Run {
  code: number;
  out: string;
  err: string;
}

export interface RunOptions {
  input?: string;
  env?: Record<string, string>;
  cwd?: string;
  /** The program; default is the source with the runtime of this test. */
  command?: string[];
}

export const sourceCommand = [process.execPath, join(root, "src/main.ts")];

/** A folder of its own for one test. */
export function scratchFolder(): string {
  return mkdtempSync(join(tmpdir(), "foresight-"));
}

/** Runs a command to its end. */
export async function run(args: string[], options: RunOptions = {}): Promise<Run> {
  const child = spawn(args, options);
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, out, err };
}

export interface Served {
  url: string;
  mqttPort: number | undefined;
  pid: number;
  dataDir: string;
  /** Everything written to standard error so far. */
  err: () => string;
  /** Sends the signal and gives the exit code. */
  stop(signal?: "SIGTERM" | "SIGKILL" | "SIGINT"): Promise<number>;
}

/**
 * Starts `serve` on free ports and waits for its address; with `--db-path` among the arguments no data folder is named.
 * Throws with what it printed when it ends before.
 */
export async function serve(args: string[] = [], options: RunOptions & { dataDir?: string } = {}): Promise<Served> {
  const dataDir = options.dataDir ?? scratchFolder();
  const ports = ["--port", "0", "--mqtt-port", "0"].filter((_, i, all) => !args.includes(all[i - (i % 2)]!));
  const place = args.includes("--db-path") ? [] : ["--data-dir", dataDir];
  const child = spawn(["serve", ...ports, ...place, ...args], { cwd: dataDir, ...options });
  const collected = collect(child.stderr);
  const starting = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
  const url = await Promise.race([
    collected.seen(/Foresight serves on (\S+)/),
    child.exited.then((code) => {
      throw new Error(`serve ended with ${code}: ${collected.text()}`);
    }),
  ]).finally(() => clearTimeout(starting));
  const mqttPort = /"broker listens","port":(\d+)/.exec(collected.text())?.[1];
  return {
    url,
    mqttPort: mqttPort === undefined ? undefined : Number(mqttPort),
    pid: child.pid,
    dataDir,
    err: collected.text,
    stop(signal = "SIGTERM") {
      child.kill(signal);
      return child.exited;
    },
  };
}

function spawn(args: string[], { input, env, cwd, command = sourceCommand }: RunOptions) {
  return Bun.spawn([...command, ...args], {
    stdin: input === undefined ? "ignore" : new TextEncoder().encode(input),
    stdout: "pipe",
    stderr: "pipe",
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
}

function collect(stream: ReadableStream<Uint8Array>) {
  let text = "";
  const waiting: { pattern: RegExp; resolve: (found: string) => void }[] = [];
  void (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true });
      for (const { pattern, resolve } of waiting) {
        const found = pattern.exec(text)?.[1];
        if (found !== undefined) resolve(found);
      }
    }
  })();
  return {
    text: () => text,
    seen: (pattern: RegExp) => new Promise<string>((resolve) => waiting.push({ pattern, resolve })),
  };
}
