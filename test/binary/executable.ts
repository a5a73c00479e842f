import { cp, mkdir, mkdtemp, readdir, readlink, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const repository = join(import.meta.dir, "../..");

/** What a build reads. */
const BUILD_INPUTS = ["build.ts", "package.json", "tsconfig.json", "src", "static", "drizzle", "kernels", "licenses"];

export interface Executable {
  /** Alone in its folder. */
  path: string;
  sizeBytes: number;
  buildMs: number;
  /** The tree it was built from, which is gone. */
  builtFrom: string;
}

/**
 * Builds the executable into `folder`, in a copy of the sources, packages included, and removes that copy: whatever the executable
 * still looks for there it does not find.
 */
export async function buildAlone(folder: string): Promise<Executable> {
  const cache = join(repository, ".cache");
  await mkdir(cache, { recursive: true });
  // Beside the packages, since hard links need the same file system.
  const builtFrom = await mkdtemp(join(cache, "build-"));
  const path = join(folder, "foresight");
  try {
    for (const input of BUILD_INPUTS) await cp(join(repository, input), join(builtFrom, input), { recursive: true });
    await run(["cp", "-al", join(repository, "node_modules"), builtFrom], repository);
    const began = performance.now();
    await run([process.execPath, "build.ts", "--outfile", path], builtFrom);
    const buildMs = performance.now() - began;
    return { path, sizeBytes: (await stat(path)).size, buildMs, builtFrom };
  } finally {
    await rm(builtFrom, { recursive: true, force: true });
  }
}

async function run(command: string[], cwd: string): Promise<void> {
  const child = Bun.spawn(command, { cwd, stdout: "ignore", stderr: "pipe" });
  const said = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")} failed:\n${said}`);
}

/** Files that the process has mapped or open, and what they stand for. */
export async function filesHeldBy(pid: number): Promise<string[]> {
  const maps = await Bun.file(`/proc/${pid}/maps`).text();
  const mapped = [...maps.matchAll(/\s(\/\S.*)$/gm)].map(([, path]) => path!);
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const open = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")));
  return [...new Set([...mapped, ...open.filter((path) => path.startsWith("/"))])].sort();
}

/** Resident memory in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await Bun.file(`/proc/${pid}/status`).text();
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) * 1024;
}
