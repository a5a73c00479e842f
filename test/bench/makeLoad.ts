import { join } from "node:path";
import { scratchFolder } from "../support/program";

const RUNTIME = Bun.which("node") ?? process.execPath;

/** Starts the generator of load on a broker's port, under Node where there is one. */
export async function makeLoad(port: number, options: Readonly<Record<string, number>>) {
  const flags = Object.entries({ port, ...options }).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return Bun.spawn([RUNTIME, await built(), ...flags], { stdout: "pipe", stderr: "inherit" });
}

let script: Promise<string> | undefined;

/** The generator as one file of JavaScript, made once. */
function built(): Promise<string> {
  script ??= Bun.build({
    entrypoints: [join(import.meta.dir, "mqttLoad.ts")],
    target: "node",
    outdir: scratchFolder(),
    naming: "[name].mjs",
  }).then(({ outputs }) => outputs[0]!.path);
  return script;
}
