import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { isLongRun, seeds } from "../support/seeds";
import { checkHistory, createStepCheck } from "./marketCheckers";
import { createWorld } from "./marketWorld";

setDefaultTimeout(30_000);

const STEPS = isLongRun ? 20_000 : 1500;
const HISTORY_EVERY = 500;

/** Seeds that once found a fault; they are run for ever. */
const KEPT_SEEDS: number[] = [];

describe("a market among workers of every character", () => {
  test.each([...KEPT_SEEDS, ...seeds(3, 40)])(
    "keeps its promises whatever happens (seed %d)",
    async (seed) => {
      const world = await createWorld(seed);
      const checkStep = createStepCheck();
      const [startMs, realStartMs] = [world.clock.now(), performance.now()];
      for (let step = 1; step <= STEPS; step++) {
        try {
          await world.step();
          checkStep(world.market());
          if (step % HISTORY_EVERY === 0) checkHistory(world.market());
        } catch (error) {
          const last = world.acts().slice(-5).join(", ");
          throw new Error(`FORESIGHT_SEED=${seed} fails at step ${step} (${last})`, { cause: error });
        }
      }
      const virtualHours = (world.clock.now() - startMs) / 3_600_000;
      const realMin = (performance.now() - realStartMs) / 60_000;
      process.stdout.write(
        `seed ${seed}: ${virtualHours.toFixed(0)} virtual hours, ${(virtualHours / realMin).toFixed(0)} a minute\n`,
      );
      checkHistory(world.market());
      expect(world.market().live.totals.settlements).toBeGreaterThan(STEPS / 20);
      expect(world.market().live.totals.blocks).toBeGreaterThan(STEPS / 20);
      expect(world.clock.now() - startMs).toBeGreaterThan(STEPS * 100_000);
      await world.close();
    },
    600_000,
  );
});
