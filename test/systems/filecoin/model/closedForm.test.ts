import { expect, test } from "bun:test";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import { mintingIncrements } from "../../../../src/systems/filecoin/model/closedForm";
import {
  BASELINE_ALLOCATION_FIL,
  BASELINE_AT_LAUNCH_EIB,
  BASELINE_GROWTH,
  MINTING_DECAY,
  SIMPLE_ALLOCATION_FIL,
} from "../../../../src/systems/filecoin/model/constants";
import { prepareEngine } from "../../../../src/systems/filecoin/model/engine";
import { forecast } from "../../../../src/systems/filecoin/model/forecast";
import { scenarioFrom } from "../../../../src/systems/filecoin/scenario";

const history = sampleHistory();
const run = forecast(prepareEngine(history), scenarioFrom({}, history.smoothed));
const totalDays = run.lengths.total;
const [days, capped, cumCapped, time] = [
  run.series("days"),
  run.series("capped_power_EIB"),
  run.series("cum_capped_power_EIB"),
  run.series("network_time"),
] as const;
const out = {
  simpleFil: new Float64Array(totalDays),
  networkTimeDays: new Float64Array(totalDays),
  baselineFil: new Float64Array(totalDays),
};
mintingIncrements(days, capped, cumCapped, time, BASELINE_AT_LAUNCH_EIB.plain, 1, totalDays, out);

function worst(actual: (i: number) => number, expected: (i: number) => number): number {
  let most = 0;
  for (let i = 1; i < totalDays; i++) most = Math.max(most, Math.abs(actual(i) / expected(i) - 1));
  return most;
}

test("what each day adds is the difference of the totals, to the digits that the difference keeps", () => {
  const difference = (name: "cum_simple_reward" | "cum_baseline_reward" | "network_time") => {
    const totals = run.series(name);
    return (i: number) => totals[i]! - totals[i - 1]!;
  };
  // A total of 4e8 in 53 bits is good to 6e-8 FIL, a day adds 1e4 to 1e5.
  expect(worst((i) => out.simpleFil[i]!, difference("cum_simple_reward"))).toBeLessThan(1e-11);
  expect(worst((i) => out.baselineFil[i]!, difference("cum_baseline_reward"))).toBeLessThan(2e-11);
  expect(worst((i) => out.networkTimeDays[i]!, difference("network_time"))).toBeLessThan(1e-11);
  const minted = run.series("day_network_reward");
  expect(
    worst(
      (i) => out.simpleFil[i]! + out.baselineFil[i]!,
      (i) => minted[i]!,
    ),
  ).toBeLessThan(1e-11);
});

test("in 32 bits the closed forms keep six digits where the differences keep three", () => {
  const f = Math.fround;
  const exactly = (i: number) => out.simpleFil[i]! + out.baselineFil[i]!;
  const closed = (i: number) => {
    const growth = f(
      f(f(BASELINE_GROWTH) * f(capped[i]!)) /
        f(f(BASELINE_AT_LAUNCH_EIB.plain) + f(f(BASELINE_GROWTH) * f(cumCapped[i - 1]!))),
    );
    const step = f(f(Math.log1p(growth)) / f(BASELINE_GROWTH));
    const left = f(f(BASELINE_ALLOCATION_FIL) * f(Math.exp(f(-f(MINTING_DECAY) * f(time[i - 1]!)))));
    const simple = f(
      f(-SIMPLE_ALLOCATION_FIL * Math.expm1(-MINTING_DECAY)) * f(Math.exp(f(-f(MINTING_DECAY) * days[i - 1]!))),
    );
    return f(simple + f(left * f(-Math.expm1(f(-f(MINTING_DECAY) * step)))));
  };
  const total = run.series("cum_network_reward");
  expect(worst(closed, exactly)).toBeLessThan(1e-6);
  expect(worst((i) => f(f(total[i]!) - f(total[i - 1]!)), exactly)).toBeGreaterThan(1e-3);
});
