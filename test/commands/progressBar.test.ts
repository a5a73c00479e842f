import { describe, expect, test } from "bun:test";
import { progressBar } from "../../src/commands/progressBar";

function drawn(progress: { done: number; total: number }, stream = {}, environment = {}): string {
  let text = "";
  const bar = progressBar(
    "Fetching",
    { isTTY: true, columns: 60, write: (part) => (text += part), ...stream },
    environment,
  );
  bar.update(progress);
  return text;
}

describe("the progress bar", () => {
  test("fills with what is done", () => {
    expect(Bun.stripANSI(drawn({ done: 0, total: 28 }))).toBe(`\rFetching [${"-".repeat(30)}] 0/28`);
    expect(Bun.stripANSI(drawn({ done: 14, total: 28 }))).toBe(`\rFetching [${"#".repeat(15)}${"-".repeat(15)}] 14/28`);
    expect(Bun.stripANSI(drawn({ done: 28, total: 28 }))).toBe(`\rFetching [${"#".repeat(30)}] 28/28`);
  });

  test("is empty while the total is not known, and never over-full", () => {
    expect(drawn({ done: 0, total: 0 })).not.toContain("#");
    expect(Bun.stripANSI(drawn({ done: 9, total: 3 }))).toContain(`[${"#".repeat(30)}] 9/3`);
  });

  test.each([20, 10, 1])("keeps to one line of %d columns as far as its words allow", (columns) => {
    const line = Bun.stripANSI(drawn({ done: 1, total: 2 }, { columns })).slice(1);
    expect(line.length).toBeLessThanOrEqual(Math.max(columns - 1, "Fetching [] 1/2".length));
  });

  test("has no colour where NO_COLOR says so", () => {
    expect(drawn({ done: 1, total: 2 })).toContain("\x1b[32m");
    expect(drawn({ done: 1, total: 2 }, {}, { NO_COLOR: "1" })).not.toContain("\x1b[3");
    expect(drawn({ done: 1, total: 2 }, {}, { NO_COLOR: "" })).toContain("\x1b[32m");
  });

  test.each([
    [{ isTTY: false }, {}],
    [{ isTTY: undefined }, {}],
    [{}, { TERM: "dumb" }],
  ])("writes nothing to %p with %p", (stream, environment) => {
    expect(drawn({ done: 1, total: 2 }, stream, environment)).toBe("");
  });

  test("takes itself away at its end", () => {
    let text = "";
    progressBar("Fetching", { isTTY: true, write: (part) => (text += part) }, {}).end();
    expect(text).toBe("\r\x1b[2K");
  });
});
