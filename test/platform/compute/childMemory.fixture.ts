import { expect, test } from "bun:test";
import { pidOf, start, timeoutMs } from "./startChild";

test("gets a large array without a second copy of it in the parent, whose event loop turns meanwhile", async () => {
  const child = start();
  await pidOf(child);
  const values = new Float64Array(8 * 1024 * 1024).fill(1);
  const before = process.memoryUsage.rss();
  let turns = 0;
  let most = 0;
  let done = false;
  const turn = () => {
    turns++;
    most = Math.max(most, process.memoryUsage.rss() - before);
    if (!done) setTimeout(turn, 0);
  };
  turn();
  expect((await child.run({ kind: "sum", bulk: [values], timeoutMs })).value).toBe(values.length);
  done = true;
  expect(turns).toBeGreaterThan(20);
  expect(most).toBeLessThan(values.byteLength / 2);
});
