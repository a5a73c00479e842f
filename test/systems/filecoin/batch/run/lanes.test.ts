import { describe, expect, test } from "bun:test";
import { inLanes } from "../../../../../src/systems/filecoin/batch/run/lanes";

describe("lanes", () => {
  test("do every piece once, so many at a time", async () => {
    const done: number[] = [];
    let atWork = 0;
    let most = 0;
    await inLanes(3, 10, async (index) => {
      most = Math.max(most, ++atWork);
      await Promise.resolve();
      done.push(index);
      atWork--;
    });
    expect([done.toSorted((a, b) => a - b), most]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3]);
  });

  test("begin nothing after a failure, and end when what was begun has ended", async () => {
    let begun = 0;
    let ended = 0;
    const failed = inLanes(2, 100, async (index) => {
      begun++;
      if (index === 0) throw new Error("first");
      await Bun.sleep(0);
      ended++;
    }).catch((error: Error) => error.message);
    expect(await failed).toBe("first");
    expect([begun, ended]).toEqual([2, 1]);
  });
});
