import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FLU } from "../systems/epistemix/fred/flu";

setDefaultTimeout(120_000);

const MAIN = join(import.meta.dir, "../../src/main.ts");
const folder = mkdtempSync(join(tmpdir(), "fred-"));

async function foresight(...args: string[]) {
  const child = Bun.spawn([process.execPath, MAIN, "epistemix", ...args], {
    stdout: "pipe",
    stderr: "pipe",
    cwd: folder,
  });
  const [out, told, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, told, code };
}

test("check says that a model can be run, or where it is wrong", async () => {
  writeFileSync(join(folder, "flu.fred"), FLU);
  writeFileSync(join(folder, "main.fred"), "include flu.fred\nstate FLU.Il { wiat(1) }\n");
  expect(await foresight("check", "flu.fred")).toEqual({ out: "flu.fred can be run\n", told: "", code: 0 });
  expect(await foresight("check", "main.fred")).toEqual({
    out: "",
    told: "main.fred:2:16: there is no action wiat; the nearest known is die\n  state FLU.Il { wiat(1) }\n                 ^\n",
    code: 1,
  });
});

test("run writes the files of the result", async () => {
  writeFileSync(join(folder, "good.fred"), `variables { shared numeric n = 1 }\nstartup { print(n) }\n${FLU}`);
  const days = ["--start-date", "2020-01-01", "--end-date", "2020-01-03"];
  const { out, told, code } = await foresight(
    "run",
    "good.fred",
    "--location",
    "Loving_County_TX",
    "--set",
    "n=7",
    "--out",
    "o",
    ...days,
  );
  expect([told, code]).toEqual(["", 0]);
  expect(out).toContain("INFO: 82 people in 1 counties, 3 days, seed 1");
  expect(readFileSync(join(folder, "o/USER_OUTPUT/print_output.txt"), "utf8")).toBe("7\n");
  expect(readFileSync(join(folder, "o/DAILY/Date.txt"), "utf8")).toBe("0 2020-01-01\n1 2020-01-02\n2 2020-01-03\n");
  expect((await foresight("run", "good.fred", "--location", "Lovin_County_TX", ...days)).code).toBe(1);
  expect((await foresight("run", "good.fred", "--seed", "-x")).code).toBe(2);
  expect((await foresight("run", "missing.fred")).code).toBe(2);
});
