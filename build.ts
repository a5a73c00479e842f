import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { embedPages } from "./src/platform/assets/embed";
import { embedNotices } from "./src/platform/licenses/embed";
import { bundleAddOns } from "./src/platform/native/bundleAddOns";
import { packFiles } from "./src/platform/packFiles";

/**
 * Builds the executable: one file with the program, its Workers, pages, migrations, kernels, sample data, native
 * add-ons and the notices of every library inside (docs/native.md, "The executable").
 *
 * usage: bun build.ts [--outfile dist/foresight]
 */
const root = import.meta.dir;

/** What `new Worker(new URL(...))` names must be bundled as an entry of its own. */
const ENTRY_POINTS = ["src/main.ts", "src/worker.ts"];

async function build(outfile: string): Promise<void> {
  const began = performance.now();
  const work = `${outfile}.build`;
  await mkdir(work, { recursive: true });
  try {
    const unfinished = join(work, "foresight");
    const built = await Bun.build({
      entrypoints: ENTRY_POINTS.map((name) => join(root, name)),
      target: "bun",
      // Halves the time to the first answer. With any other format the Workers of such a build are looked for in the
      // source tree of the machine that built it.
      bytecode: true,
      format: "esm",
      // Stacks in the log name our files and lines.
      sourcemap: "linked",
      minify: { syntax: true, whitespace: true },
      define: { "process.env.NODE_ENV": '"production"', BUILD_COMMIT: JSON.stringify(commit()) },
      plugins: [
        bundleAddOns(`${process.platform}-${process.arch}`),
        await embedPages(join(root, "static"), join(work, "pages.pack")),
        await embedNotices(root),
        packFiles,
      ],
      compile: { outfile: unfinished, autoloadDotenv: false, autoloadBunfig: false },
    });
    for (const log of built.logs) console.warn(String(log));
    await rename(unfinished, outfile);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const { size } = await stat(outfile);
  console.log(`${outfile}: ${(size / 1e6).toFixed(1)} MB in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

/** The commit that is built, or "unknown" outside a checkout. */
function commit(): string {
  if (Bun.which("git") === null) return "unknown";
  const git = Bun.spawnSync(["git", "describe", "--always", "--dirty"], { cwd: root, stderr: "ignore" });
  return git.exitCode === 0 ? git.stdout.toString().trim() : "unknown";
}

const { values } = parseArgs({ options: { outfile: { type: "string", default: join(root, "dist/foresight") } } });
const outfile = resolve(values.outfile);
await mkdir(dirname(outfile), { recursive: true });
await build(outfile);
