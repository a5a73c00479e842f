import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseHistory } from "../../../../src/systems/filecoin/history/file";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import { prepareEngine } from "../../../../src/systems/filecoin/model/engine";
import { OUTPUT_NAMES } from "../../../../src/systems/filecoin/schema/series";
import { casesIn, differences, readJson, sampleGoldens, sharedGoldens } from "./goldenCase";

describe("runs of the original on the sample are reproduced", () => {
  const engine = prepareEngine(sampleHistory());
  const cases = casesIn(sampleGoldens, "s_");
  test("there are six of them, with every series", () => {
    expect(cases).toHaveLength(6);
    for (const golden of cases) {
      const names = [...Object.keys(golden.series), ...Object.keys(golden.aliases)];
      expect(names.sort()).toEqual([...OUTPUT_NAMES].sort());
    }
  });
  for (const golden of cases) test(golden.case, () => expect(differences(engine, golden)).toEqual([]));
});

const shared = existsSync(sharedGoldens);
if (!shared) process.stderr.write("skipped: the 23 runs on the full daily history, which are not in this repository\n");

describe.skipIf(!shared)("runs of the original on the full daily history are reproduced", () => {
  const engine = shared ? prepareEngine(parseHistory(readJson(join(sharedGoldens, "history.json")))) : undefined;
  for (const golden of shared ? casesIn(join(sharedGoldens, "cases")) : []) {
    test(golden.case, () => expect(differences(engine!, golden)).toEqual([]));
  }
});
