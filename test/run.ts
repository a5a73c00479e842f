/**
 * Runs everything that must pass, two lanes beside each other, and ends with one line of real counts:
 * `N passed, N failed, N skipped`. Each check (format, types, dead code) counts as one; tests count as bun's own
 * JUnit report counts them.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Stage {
  name: string;
  command: string[];
  /** A stage of tests writes a report that is counted; any other counts as one. */
  report?: string;
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const work = mkdtempSync(join(tmpdir(), "foresight-test-"));
// Some tests start servers as another user, who must be able to reach what is in it.
chmodSync(work, 0o755);
const bun = process.execPath;
const bin = (name: string) => join(import.meta.dir, "../node_modules/.bin", name);

function tests(name: string, ...paths: string[]): Stage {
  const report = join(work, `${name}.xml`);
  return {
    name,
    report,
    command: [bun, "test", "--reporter=junit", `--reporter-outfile=${report}`, ...paths],
  };
}

const check = (name: string, ...command: string[]): Stage => ({ name, command: [bun, ...command] });

const FAST = ["config", "commands", "numeric", "platform", "gpu", "systems", "mqtt", "contract", "hostile", "static"];
const folder = (name: string) => `./test/${name}/`;

const lanes: Record<"short" | "long", Stage[][]> = {
  short: [
    [
      check("format and lint", bin("biome"), "ci", "--error-on-warnings", "--colors=off", "."),
      check("types", bin("tsc"), "-p", "."),
      check("dead code", bin("knip")),
      tests("fast", "./test/tidy.test.ts", ...FAST.map(folder)),
      tests("chaos", folder("chaos")),
    ],
    [tests("binary", folder("binary")), tests("browser", folder("browser"))],
  ],
  long: [[tests("chaos and soaks", folder("chaos"), folder("soak"))]],
};

async function run(stage: Stage): Promise<Counts> {
  const started = performance.now();
  const [output, errors] = [Bun.file(join(work, `${stage.name}.out`)), Bun.file(join(work, `${stage.name}.err`))];
  const child = Bun.spawn(stage.command, {
    stdin: "ignore",
    // Files and no pipes: a process that a test has left behind would keep a pipe open, and this run with it.
    stdout: output,
    stderr: errors,
    env: { ...process.env, TMPDIR: work, NO_COLOR: "1" },
  });
  const code = await child.exited;
  const [out, err] = await Promise.all([output.text(), errors.text()]);
  const counts = await countsOf(stage, code);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const notices = err.split("\n").filter((line) => line.startsWith("skipped:") || line.startsWith("measured:"));
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${stage.name} (${seconds} s): ${told(counts)}`);
  console.log(code === 0 ? notices.join("\n") : `${out}\n${err}`);
  return counts;
}

async function countsOf({ report }: Stage, code: number): Promise<Counts> {
  if (report === undefined) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  const xml = (await Bun.file(report).exists()) ? await Bun.file(report).text() : "";
  const head = /<testsuites[^>]*>/.exec(xml)?.[0] ?? "";
  const figure = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const failed = figure("failures");
  const skipped = figure("skipped");
  // A run that ends badly without a failing test (a crash, no test found) is a failure of its own.
  const crashed = code !== 0 && failed === 0 ? 1 : 0;
  return { passed: figure("tests") - failed - skipped, failed: failed + crashed, skipped };
}

function told({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

async function runLane(stages: Stage[]): Promise<Counts[]> {
  const counts: Counts[] = [];
  for (const stage of stages) counts.push(await run(stage));
  return counts;
}

const chosen = process.env["FORESIGHT_LONG"] === "1" ? lanes.long : lanes.short;
const all = (await Promise.all(chosen.map(runLane))).flat();
rmSync(work, { recursive: true, force: true });
const total = all.reduce((sum, counts) => ({
  passed: sum.passed + counts.passed,
  failed: sum.failed + counts.failed,
  skipped: sum.skipped + counts.skipped,
}));
console.log(told(total));
process.exitCode = total.failed === 0 ? 0 : 1;
