import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

setDefaultTimeout(30_000);

const MAIN = join(import.meta.dir, "../../src/main.ts");
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "market-command-"));
  folders.push(folder);
  return folder;
}

async function run(args: string[], cwd: string) {
  const child = Bun.spawn([process.execPath, MAIN, ...args], { cwd, stdout: "pipe", stderr: "pipe" });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, err, code };
}

describe("foresight demo", () => {
  test("tells the whole life of a rental in under thirty seconds and leaves nothing behind", async () => {
    const folder = emptyFolder();
    const startMs = performance.now();
    const { out, err, code } = await run(["demo"], folder);
    expect([code, err]).toEqual([0, ""]);
    expect(performance.now() - startMs).toBeLessThan(30_000);
    for (const said of [
      "sim-worker-002 offers",
      "consumer-1 has 1000 XNM and rents",
      "blocks on the chain",
      "XNM (95 %) for the provider",
      "of 100",
    ]) {
      expect(out).toContain(said);
    }
    expect(await Array.fromAsync(new Bun.Glob("**/*").scan(folder))).toEqual([]);
  }, 40_000);
});

describe("foresight miner", () => {
  test("without a broker it says what is wrong, and exits with 2", async () => {
    const { err, code } = await run(["miner", "--mqtt-port", "1", "--mqtt-host", "127.0.0.1"], emptyFolder());
    expect([code, err]).toEqual([2, expect.stringContaining("The broker at mqtt://127.0.0.1:1 cannot be reached")]);
  });

  const wrong: [flag: string, value: string, said: string][] = [
    ["workers", "0", "--workers: expected a whole number from 1 to 1000"],
    ["workers", "x", "--workers: expected a whole number from 1 to 1000"],
    ["block-interval", "0", "--block-interval: expected seconds above 0"],
    ["profile", "saintly", "--profile: expected one of honest, lazy, lying, flapping, duplicating"],
    ["gpu-count", "65", "--gpu-count: expected a whole number from 0 to 64"],
  ];
  for (const [flag, value, said] of wrong) {
    test(`--${flag} ${value} is refused`, async () => {
      const { err, code } = await run(["miner", `--${flag}`, value], emptyFolder());
      expect([code, err]).toEqual([2, expect.stringContaining(said)]);
    });
  }
});
