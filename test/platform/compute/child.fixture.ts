import { writeSync } from "node:fs";
import { type ChildModule, REPLY_FD } from "../../../src/platform/compute/childProtocol";
import { serveChild } from "../../../src/platform/compute/childServe";
import { RequestError } from "../../../src/platform/errors";

/** A child for the tests. Its argument says how it starts: `well`, `silent` (never gets ready) or `broken` (exits at once). */
const [manner] = process.argv.slice(2);

const module: ChildModule = {
  handlers: {
    echo: (input: unknown, bulk) => ({ value: input, bulk }),
    count: (upTo: number, _bulk, _signal, emit) => {
      for (let i = 1; i < upTo; i++) emit({ value: i, bulk: [Float64Array.of(i)] });
      return { value: upTo, bulk: [Float64Array.of(upTo)] };
    },
    sum: (_input: unknown, [bytes]) => {
      const values = new Float64Array(bytes!.buffer);
      return { value: values.reduce((total, value) => total + value, 0) };
    },
    whoAmI: () => ({ value: process.pid }),
    refuse: () => {
      throw new RequestError(422, "the horizon is 0, expected at least 1");
    },
    fail: () => {
      throw new Error("a fault inside");
    },
    tooMuch: () => ({ value: "x".repeat(100_000) }),
    print: (line: string) => {
      process.stdout.write(`${line}\n`);
      process.stderr.write(`${line}\n`);
      return { value: null };
    },
    garble: () => {
      writeSync(REPLY_FD, new Uint8Array(64).fill(0xff));
      return new Promise<never>(() => undefined);
    },
    hang: () => {
      for (;;);
    },
    die: () => process.kill(process.pid, "SIGKILL") && new Promise<never>(() => undefined),
    untilCancelled: async (_input: unknown, _bulk, signal) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return { value: "stopped early" };
    },
    slow: async (ms: number) => {
      await Bun.sleep(ms);
      return { value: "done", bulk: [new Uint8Array(3_000_000).fill(7)] };
    },
  },
  async release() {
    process.stderr.write("released\n");
  },
};

if (manner === "broken") process.exit(3);
if (manner === "silent") setInterval(() => undefined, 1000);
else await serveChild(module);
