import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { parseHistory } from "../../../../src/systems/filecoin/history/file";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import { prepareEngine } from "../../../../src/systems/filecoin/model/engine";
import { OUTPUT_NAMES } from "../../../../src/systems/filecoin/schema/series";
import { casesIn, differences, goldens, readJson } from "./goldenCase";

describe("runs of the original on the sample are reproduced", () => {
  const engine = prepareEngine(sampleHistory());
  const cases = casesIn("sample");
  test("there are six of them, with every series", () => {
    expect(cases).toHaveLength(6);
    for (const golden of cases) {
      const names = [...Object.keys(golden.series), ...Object.keys(golden.aliases)];
      expect(names.sort()).toEqual([...OUTPUT_NAMES].sort());
    }
  });
  for (const golden of cases) test(golden.case, () => expect(differences(engine, golden)).toEqual([]));
});

describe("runs of the original on the full daily history are reproduced", () => {
  const engine = prepareEngine(parseHistory(readJson(join(goldens, "history.json"))));
  const cases = casesIn("cases");
  test("there are 23 of them", () => expect(cases).toHaveLength(23));
  for (const golden of cases) test(golden.case, () => expect(differences(engine, golden)).toEqual([]));
});
