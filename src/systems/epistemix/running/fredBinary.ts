import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { WorkPool } from "../../../platform/compute/pool";
import type { RunRequest } from "../schema/requests";
import type { RunPieceResult } from "./runPiece";

/** Of the child: what our own engine is held to too. Sizes of files are in blocks of 512 bytes, memory in KiB. */
const MAX_MEMORY_KIB = 2 * 1024 * 1024;
const MAX_FILE_BLOCKS = 2 * 1024 * 1024;
const NO_COST = 0;

export interface BinaryRun {
  /** The program; a real FRED. */
  bin: string;
  /** The uploaded ZIP. */
  input: Uint8Array<ArrayBuffer>;
  /** Arguments as the client sent them. */
  fredArgs: RunRequest["fredArgs"];
  /** The file that is run, which must be one of the uploaded. */
  main: string;
}

/**
 * Runs a real FRED in a child process, in a folder of its own that holds the input and takes the output, and packs what
 * it wrote. It sees nothing of this program's environment.
 * @throws when `signal` ends it, with the child.
 */
export async function runBinary(run: BinaryRun, pool: WorkPool, signal: AbortSignal): Promise<RunPieceResult> {
  const { bin, input, fredArgs, main } = run;
  const common = { costMs: NO_COST, priority: "batch" as const, signal };
  const unpacked = await pool.run({ kind: "epistemix.unpack", input, ...common });
  const folder = await mkdtemp(join(tmpdir(), "foresight-fred-"));
  try {
    const output = join(folder, "output");
    await mkdir(output);
    const files = "files" in unpacked ? unpacked.files : {};
    const fault = "fault" in unpacked ? unpacked.fault : `The input holds no ${JSON.stringify(main)}.`;
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, "model", path)), { recursive: true });
      await writeFile(join(folder, "model", path), text);
    }
    const canRun = Object.hasOwn(files, main);
    const ended = canRun ? await spawned(bin, fredArgs, folder, signal) : { code: 1, told: fault };
    return await pool.run({ kind: "epistemix.pack", input: { folder: output, ...ended }, ...common });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function spawned(bin: string, fredArgs: RunRequest["fredArgs"], folder: string, signal: AbortSignal) {
  const words = fredArgs.flatMap(({ flag, value }) => [flag, value]);
  const limits = `ulimit -v ${MAX_MEMORY_KIB}; ulimit -f ${MAX_FILE_BLOCKS}; exec "$0" "$@"`;
  const told = Bun.file(join(folder, "told.txt"));
  await Bun.write(told, "");
  const child = Bun.spawn(["sh", "-c", limits, bin, ...words, "--directory", join(folder, "output")], {
    cwd: join(folder, "model"),
    env: { PATH: process.env["PATH"] ?? "", HOME: folder },
    stdin: "ignore",
    stdout: told,
    stderr: told,
  });
  const end = () => child.kill("SIGKILL");
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  const code = await child.exited;
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  return { code, told: await told.text() };
}
