import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run, type Served, scratchFolder, serve } from "../../support/program";
import { brokerRules } from "../../tidy/broker";
import { houseRules } from "../../tidy/house";
import { nameRules } from "../../tidy/names";
import { offencesOf } from "../../tidy/rule";
import { systemRules } from "../../tidy/systems";
import { readTree, root, withFiles } from "../../tidy/tree";
import { additions, newFiles } from "./tides";

// The compiler reads all of the program.
setDefaultTimeout(120_000);

const edited = Object.fromEntries(
  Object.entries(additions).map(([path, edits]) => {
    const before = readFileSync(join(root, path), "utf8");
    const after = edits.reduce((text, [found, becomes]) => {
      expect(text, path).toMatch(found);
      return text.replace(found, becomes);
    }, before);
    return [path, after];
  }),
);
const files = { ...newFiles, ...edited };

let copy: string;
let command: string[];

beforeAll(() => {
  copy = scratchFolder();
  for (const name of ["src", "drizzle", "static", "kernels", "package.json", "tsconfig.json"]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  for (const [path, text] of Object.entries(files)) write(path, text);
  command = [process.execPath, join(copy, "src/main.ts")];
});

afterAll(() => rmSync(copy, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(copy, dirname(path)), { recursive: true });
  writeFileSync(join(copy, path), text);
}

test("is added where docs/adding-a-system.md says, and nowhere else", () => {
  const page = readFileSync(join(root, "docs/adding-a-system.md"), "utf8");
  const places = [...page.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`((?:src|drizzle)\/[^`]*)`/g)].map(([, path]) => path!),
  );
  const isListed = (path: string) => places.some((place) => path === place || path.startsWith(`${place}`));
  expect(Object.keys(files).filter((path) => !isListed(path))).toEqual([]);
});

test("compiles", async () => {
  writeFileSync(join(copy, "added.json"), JSON.stringify({ extends: "./tsconfig.json", include: ["src", "drizzle"] }));
  const compiler = [process.execPath, join(root, "node_modules/typescript/bin/tsc")];
  const running = Bun.spawn([...compiler, "-p", join(copy, "added.json"), "--pretty", "false"], { stdout: "pipe" });
  expect(await new Response(running.stdout).text()).toBe("");
});

test("breaks no rule on who may know whom", () => {
  const tree = withFiles(readTree(), files);
  const offences = [houseRules, nameRules, systemRules, brokerRules].flat().flatMap((rule) => offencesOf(rule, tree));
  expect(offences.filter(({ path }) => path in files)).toEqual([]);
});

test("has its line of doctor, made or not", async () => {
  const dataDir = scratchFolder();
  const { out } = await run(["doctor", "--json", "--only", "tides", "--data-dir", dataDir], { command });
  const { checks } = JSON.parse(out) as { checks: { name: string; found: string }[] };
  expect(checks.filter(({ name }) => ["tide gauge", "history"].includes(name))).toEqual([
    expect.objectContaining({ name: "tide gauge", found: "North Sea" }),
  ]);
  rmSync(dataDir, { recursive: true });
});

describe("served with its own port", () => {
  let served: Served;
  const get = async (path: string) => (await fetch(new URL(path, served.url))).json();

  beforeAll(async () => {
    served = await serve(["--only", "tides,chain"], { command, env: { TIDES_PORT: "0", TIDES_SEA: "Baltic" } });
  });

  afterAll(async () => {
    expect(await served.stop()).toBe(0);
    rmSync(served.dataDir, { recursive: true });
  });

  test("has its work done in a thread, and keeps what its migration made room for", async () => {
    expect(await get("/tides/4")).toEqual({ heightsM: [1, 0.87, 0.5, 0] });
    expect(await get("/tides")).toBe(1);
  });

  test("has its part of the root and of health, and its own member at the top", async () => {
    const { systems, gauge, service } = await get("/");
    expect([gauge, service, systems.tides]).toEqual(["wet", undefined, { service: "Tides", gauge: "wet" }]);
    expect((await get("/health")).systems.tides).toMatchObject({ status: "healthy", sea: "Baltic" });
  });

  test("answers alone on its own port", async () => {
    const own = /"serving alone","system":"tides","url":"([^"]+)"/.exec(served.err())![1]!;
    expect(await (await fetch(own)).json()).toMatchObject({ service: "Tides", gauge: "wet" });
    expect((await fetch(`${own}/difficulty`)).status).toBe(404);
  });

  test("has its words in the status bar, its card, its file with its meaning, its setting, and is found", async () => {
    const { systems } = await get("/api/system/status");
    const { statusLine, title } = systems.find(({ name }: { name: string }) => name === "tides");
    expect([statusLine, title]).toEqual([["tides of the Baltic"], "Tides"]);
    const { files: kept } = await get("/api/system/storage");
    const file = kept.find(({ name }: { name: string }) => name === "tides.json");
    expect(file.meaning).toBe("the sea that tides are predicted for");
    const settings = await get("/api/system/settings");
    expect(settings.find(({ name }: { name: string }) => name === "TIDES_SEA").value).toBe("Baltic");
    expect(await get("/api/system/find?q=Baltic")).toContainEqual(expect.objectContaining({ kind: "sea" }));
  });

  test("is described, with how its callers prove who they are", async () => {
    const { paths, components } = await get("/openapi.json");
    expect(Object.keys(paths)).toContain("/tides/{hours}");
    expect(components.securitySchemes.tidesKey.name).toBe("X-Tides-Key");
  });
});

describe("that claims what another has", () => {
  const index = "src/systems/tides/index.ts";
  const starting = (changed: string) => {
    write(index, changed);
    return run(["serve", "--port", "0", "--mqtt-port", "0", "--only", "tides,market", "--data-dir", scratchFolder()], {
      command,
    });
  };
  afterAll(() => write(index, newFiles[index]!));

  test.each([
    ["member service", 'flat: ["gauge"]', 'flat: ["service"]', "tides and market"],
    ["page market", 'name: "tides",', 'name: "tides", page: "market",', "tides and market"],
    ["file mqtt.db", "name: FILE", 'name: "mqtt.db"', "tides and broker"],
    ["security scheme marketKey", "tidesKey:", "marketKey:", "tides and market"],
    [
      "check disk",
      "checks: [gaugeCheck(config)]",
      'checks: [{ ...gaugeCheck(config), name: "disk" }]',
      "the house and tides",
    ],
  ])("does not start: %s", async (what, found, becomes, owners) => {
    expect(newFiles[index]).toContain(found);
    const { code, err } = await starting(newFiles[index]!.replace(found, becomes));
    expect(err).toContain(`The ${what} has two owners: ${owners}.`);
    expect(code).toBe(1);
  });
});
