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

interface Outcome extends Counts {
  stage: Stage;
  /** The files in which a test failed. */
  again: string[];
}

const isLong = process.env["FORESIGHT_LONG"] === "1";

/** A stage that hangs is ended and has failed. */
const MAX_STAGE_MS = isLong ? 3 * 3_600_000 : 20 * 60_000;
/** More files than these do not fail by chance. */
const MAX_AGAIN_FILES = 5;

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
    ],
    [tests("binary", folder("binary")), tests("browser", folder("browser")), tests("chaos", folder("chaos"))],
  ],
  long: [[tests("chaos and soaks", folder("chaos"), folder("soak"))]],
};

async function run(stage: Stage): Promise<Outcome> {
  const started = performance.now();
  const [output, errors] = [Bun.file(join(work, `${stage.name}.out`)), Bun.file(join(work, `${stage.name}.err`))];
  const child = Bun.spawn(stage.command, {
    stdin: "ignore",
    // Files and no pipes: a process that a test has left behind would keep a pipe open, and this run with it.
    stdout: output,
    stderr: errors,
    env: { ...process.env, TMPDIR: work, NO_COLOR: "1" },
    timeout: MAX_STAGE_MS,
    killSignal: "SIGKILL",
  });
  const code = await child.exited;
  const [out, err] = await Promise.all([output.text(), errors.text()]);
  const outcome = await outcomeOf(stage, code);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const notices = err.split("\n").filter((line) => line.startsWith("skipped:") || line.startsWith("measured:"));
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${stage.name} (${seconds} s): ${told(outcome)}`);
  console.log(code === 0 ? notices.join("\n") : withoutPasses(`${out}\n${err}`));
  return outcome;
}

const withoutPasses = (output: string) =>
  output
    .split("\n")
    .filter((line) => !line.startsWith("(pass)"))
    .join("\n");

async function outcomeOf(stage: Stage, code: number): Promise<Outcome> {
  const { report } = stage;
  if (report === undefined) {
    return { stage, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, again: [] };
  }
  const xml = (await Bun.file(report).exists()) ? await Bun.file(report).text() : "";
  const head = /<testsuites[^>]*>/.exec(xml)?.[0] ?? "";
  const figure = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const failed = figure("failures");
  const skipped = figure("skipped");
  // A run that ends badly without a failing test (a crash, no test found) is a failure of its own.
  const crashed = code !== 0 && failed === 0 ? 1 : 0;
  const failing = xml.matchAll(/<testsuite [^>]*\bfile="([^"]+)"[^>]*\bfailures="[1-9]/g);
  const again = [...new Set(Array.from(failing, ([, file]) => `./${file}`))];
  return { stage, passed: figure("tests") - failed - skipped, failed: failed + crashed, skipped, again };
}

/**
 * Files with a failed test run once more, alone: what passes then was the machine's doing, or is unsteady, and is named
 * for whoever mends it. What fails twice has failed.
 */
async function withSecondTry(first: Outcome): Promise<Counts> {
  if (first.failed === 0 || first.again.length === 0 || first.again.length > MAX_AGAIN_FILES) return first;
  const second = await run(tests(`${first.stage.name}, again`, ...first.again));
  if (second.passed === 0) return first;
  console.log(`unsteady: ${first.failed - second.failed} passed only alone, of those in ${first.again.join(" ")}`);
  return { ...first, passed: first.passed + first.failed - second.failed, failed: second.failed };
}

function told({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

async function runLane(stages: Stage[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const stage of stages) outcomes.push(await run(stage));
  return outcomes;
}

const outcomes = (await Promise.all((isLong ? lanes.long : lanes.short).map(runLane))).flat();
const all: Counts[] = [];
for (const outcome of outcomes) all.push(await withSecondTry(outcome));
rmSync(work, { recursive: true, force: true });
const total = all.reduce((sum, counts) => ({
  passed: sum.passed + counts.passed,
  failed: sum.failed + counts.failed,
  skipped: sum.skipped + counts.skipped,
}));
console.log(told(total));
process.exitCode = total.failed === 0 ? 0 : 1;
