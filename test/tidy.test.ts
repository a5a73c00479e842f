import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brokerRules } from "./tidy/broker";
import { defectRules } from "./tidy/defects";
import { functionRules } from "./tidy/functions";
import { houseRules, ROOMS } from "./tidy/house";
import { lintFindings, lintRules } from "./tidy/lint";
import { marketRules } from "./tidy/market";
import { nameRules } from "./tidy/names";
import { pageRules } from "./tidy/pages";
import { type Example, offencesOf, type Rule, unneededPermits } from "./tidy/rule";
import { systemRules } from "./tidy/systems";
import { testingRules } from "./tidy/testing";
import { textRules } from "./tidy/text";
import { readTree, root, withFiles } from "./tidy/tree";
import { wordRules } from "./tidy/words";

setDefaultTimeout(30_000);

const tree = readTree();
const rules: readonly Rule[] = [
  ...houseRules,
  ...nameRules,
  ...systemRules,
  ...brokerRules,
  ...marketRules,
  ...pageRules,
  ...functionRules,
  ...textRules,
  ...wordRules,
  ...defectRules,
  ...testingRules,
];

/** An example by the file that matters, for the name of its test. */
const byPath = (examples: readonly Example[] = []) =>
  examples.map((files) => ({ path: Object.keys(files)[0]!, files }));

describe.each(rules)("$name", (rule) => {
  const pathsIn = (files: Example) => offencesOf(rule, withFiles(tree, files)).map(({ path }) => path);

  test("holds", () => {
    expect(offencesOf(rule, tree).map(({ path, what }) => `${path}: ${what}`)).toEqual([]);
  });

  test.each(byPath(rule.refused))("refuses a $path", ({ path, files }) => {
    expect(pathsIn(files)).toContain(path);
  });

  test.each(byPath(rule.allowed))("lets a $path be", ({ path, files }) => {
    expect(pathsIn(files)).not.toContain(path);
  });

  test("gives no leave that nothing needs", () => {
    expect(unneededPermits(rule, tree)).toEqual([]);
  });
});

describe.each(lintRules)("$name", ({ category, refused, allowed }) => {
  test.each(byPath(refused))("is broken by a $path", ({ path, files }) => {
    expect(lintFindings(files)).toContainEqual({ category, path });
  });

  test.each(byPath(allowed))("lets a $path be", ({ files }) => {
    expect(lintFindings(files)).toEqual([]);
  });
});

describe("git", () => {
  test("leaves out no file of a room", () => {
    const rooms = ["src", "static", "kernels", "drizzle", "test"];
    const listing = ["ls-files", "--others", "--ignored", "--exclude-standard"];
    const { stdout, exitCode } = Bun.spawnSync(["git", ...listing, ...rooms], { cwd: root });
    // An unpacked archive has no index, and nothing in it was left out.
    if (existsSync(join(root, ".git"))) expect(exitCode).toBe(0);
    expect(stdout.toString()).toBe("");
  });
});

describe("docs/architecture.md", () => {
  const page = readFileSync(join(root, "docs/architecture.md"), "utf8");

  test("lists these rules and no others", () => {
    const section = /^## Rules\n(.*?)(?=^## )/ms.exec(page)?.[1] ?? "";
    const listed = [...section.matchAll(/^- (.*(?:\n {2}.*)*)/gm)].map(([, item]) => item!.replace(/\s+/g, " "));
    expect(listed).toEqual([...rules, ...lintRules].map(({ name }) => name));
  });

  test("names every room of the house", () => {
    expect(ROOMS.filter((room) => !page.includes(`\`${room}\``))).toEqual([]);
  });
});
