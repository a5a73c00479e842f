import { describe, expect, test } from "bun:test";
import { createBudget } from "../../../../src/systems/filecoin/batch/budget";

describe("a budget", () => {
  const MIB = 2 ** 20;
  test("lets one batch of any size run, others only beside it while there is room", async () => {
    const { check, hold } = createBudget(() => 2, 5);
    const gate = Promise.withResolvers<void>();
    const large = { costMs: 4000, bytes: 500 * MIB };
    check(large);
    const running = hold(large, () => gate.promise);
    expect(() => check({ costMs: 1, bytes: 100 * MIB })).toThrow("500 MiB");
    expect(() => check({ costMs: 1, bytes: MIB })).not.toThrow();
    gate.resolve();
    await running;
    expect(() => check({ costMs: 1, bytes: 100 * MIB })).not.toThrow();
  });

  test("refuses while the work in hand is longer than anybody should wait, less what is done of it", async () => {
    const { check, hold } = createBudget(() => 2, 5);
    const gate = Promise.withResolvers<void>();
    let spend: (soFarMs: number) => void = () => undefined;
    const failing = hold({ costMs: 20_000, bytes: 0 }, async (tell) => {
      spend = tell;
      await gate.promise;
      throw new Error("stopped");
    }).catch((error: Error) => error.message);
    expect(() => check({ costMs: 1, bytes: 0 })).toThrow("about 10 s of work");
    spend(9000);
    spend(12_000);
    expect(() => check({ costMs: 1, bytes: 0 })).not.toThrow();
    gate.resolve();
    expect(await failing).toBe("stopped");
    await hold({ costMs: 1, bytes: 0 }, async () => check({ costMs: 1, bytes: 0 }));
  });
});
