import { describe, expect, test } from "bun:test";
import { epochDay, isoDateOf } from "../../../../src/numeric/calendar";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import { type HistorySnapshot, SNAPSHOT_FIELDS } from "../../../../src/systems/filecoin/history/snapshot";
import { prepareEngine } from "../../../../src/systems/filecoin/model/engine";
import { forecast } from "../../../../src/systems/filecoin/model/forecast";
import { scenarioFrom } from "../../../../src/systems/filecoin/scenario";
import type { OutputName } from "../../../../src/systems/filecoin/schema/series";
import { type AnchorInput, anchorForecast } from "../../../../src/systems/filecoin/skill/anchorForecast";
import { firstAnchor, pastHistory } from "../../../../src/systems/filecoin/skill/pastHistory";
import type { Comparison } from "../../../../src/systems/filecoin/skill/schema";
import { comparisonsOf, scoresOf } from "../../../../src/systems/filecoin/skill/scores";

const history = sampleHistory();
const HISTORY_DAYS = 1065;
const ANCHOR = 700;

/** The history with every figure of a later day than the anchor changed. */
function withAnotherFuture(of: HistorySnapshot, day: number): HistorySnapshot {
  const changed = { ...of, rawPowerTodayPib: 1, qaPowerTodayPib: 1, burntPerDayFil: 1 };
  changed.smoothed = { rawBytePower: 99, renewalRate: 0.1, filPlusRate: 0.1 };
  changed.recent = {
    rawBytePower: Float64Array.of(1),
    renewalRate: Float64Array.of(1),
    filPlusRate: Float64Array.of(1),
  };
  for (const [, key, extent] of SNAPSHOT_FIELDS) {
    if (extent === "scalar") continue;
    const first =
      key === "scheduledExpireRawPib" || key === "scheduledExpireQaPib" ? 0 : day + (key === "renewalRate" ? 0 : 1);
    changed[key] = of[key].map((value, i) => (i < first ? value : 7 + 3 * value));
  }
  return changed;
}

describe("a past history", () => {
  test("holds nothing of a later day, whatever came", () => {
    const past = pastHistory(history, ANCHOR, "flows", 360);
    expect(pastHistory(withAnotherFuture(history, ANCHOR), ANCHOR, "flows", 360)).toEqual(past);
    expect(past.currentDate).toBe(isoDateOf(epochDay(history.startDate)! + ANCHOR));
    expect(past.rawPowerEib).toHaveLength(ANCHOR + 1);
    expect(past.renewalRate).toHaveLength(ANCHOR);
    expect(past.recent.rawBytePower).toHaveLength(181);
    expect(past.burntPerDayFil).toBe((history.burntFil[ANCHOR]! - history.burntFil[0]!) / ANCHOR);
  });

  test("of the last day is the history itself, but for the schedules", () => {
    const past = pastHistory(history, HISTORY_DAYS, "later_rows", 540);
    for (const [, key] of SNAPSHOT_FIELDS) {
      const [then, now] = [past[key], history[key]];
      if (typeof then === "number") expect(then / (now as number)).toBeCloseTo(1, 10);
      else if (!key.startsWith("scheduledPledge")) expect(past[key]).toEqual(history[key]);
    }
    expect(past.smoothed.renewalRate / history.smoothed.renewalRate).toBeCloseTo(1, 1);
  });

  test("with later rows knows what was told of each day later, and says more than was known", () => {
    const past = pastHistory(history, ANCHOR, "later_rows", 360);
    expect(past.scheduledExpireRawPib).toHaveLength(HISTORY_DAYS - ANCHOR + history.scheduledExpireRawPib.length);
    expect(past.scheduledExpireRawPib[0]! * history.renewalRate[ANCHOR]!).toBeCloseTo(
      history.renewedRawPib[ANCHOR]!,
      10,
    );
    expect(past.scheduledExpireRawPib.at(-1)).toBe(history.scheduledExpireRawPib.at(-1)!);
    const other = pastHistory(withAnotherFuture(history, ANCHOR), ANCHOR, "later_rows", 360);
    expect(other.scheduledExpireRawPib).not.toEqual(past.scheduledExpireRawPib);
  });

  test("needs a sector's life behind it where expirations come from flows", () => {
    expect([firstAnchor("flows", 540), firstAnchor("later_rows", 540), firstAnchor("flows", 1)]).toEqual([540, 30, 30]);
  });
});

const LIFE = 180;
const OUTPUTS: OutputName[] = [
  "network_RBP_EIB",
  "network_QAP_EIB",
  "circ_supply",
  "network_locked",
  "network_gas_burn",
];

/** A history whose last 500 days came just as the model says, with the rates of a scenario. */
function foreseeable(): HistorySnapshot {
  const days = 500;
  const nothing = new Float64Array(0);
  const empty = {
    ...history,
    scheduledExpireRawPib: nothing,
    scheduledExpireQaPib: nothing,
    scheduledPledgeReleaseFil: history.scheduledPledgeReleaseFil.slice(0, HISTORY_DAYS),
  };
  const members = { forecast_length_days: days + 1, sector_duration_days: LIFE, rbp: 3, rr: 0.7, fpr: 0.6 };
  const engine = prepareEngine(empty, days + 1);
  const run = forecast(engine, scenarioFrom(members, history.smoothed));
  const until = (name: OutputName) => run.series(name).slice(0, HISTORY_DAYS + days + 1);
  const locked = run.series("day_locked_pledge");
  const releases = Float64Array.from({ length: HISTORY_DAYS + days + 1 }, (_, i) => {
    const recorded = empty.scheduledPledgeReleaseFil[i] ?? 0;
    return recorded + (i - LIFE >= HISTORY_DAYS ? locked[i - LIFE]! : 0);
  });
  return {
    ...empty,
    currentDate: isoDateOf(epochDay(history.currentDate)! + days),
    rawPowerEib: until("network_RBP_EIB"),
    qaPowerEib: until("network_QAP_EIB"),
    onboardedRawPib: until("rb_day_onboarded_power_pib"),
    onboardedQaPib: until("qa_day_onboarded_power_pib"),
    renewedRawPib: until("rb_day_renewed_power_pib"),
    renewedQaPib: until("qa_day_renewed_power_pib"),
    renewalRate: until("full_renewal_rate").slice(0, -1),
    burntFil: until("network_gas_burn"),
    scheduledPledgeReleaseFil: releases,
  };
}

describe("forecasts from past days", () => {
  const present = prepareEngine(foreseeable());
  const input: AnchorInput = {
    snapshotId: present.snapshotId,
    day: HISTORY_DAYS + LIFE + 60,
    outputs: OUTPUTS,
    horizonsDays: [1, 30, 200, 400],
    members: { sector_duration_days: LIFE },
    known: "flows",
    runs: 0,
    method: "none",
    fitWeeks: 20,
    blockWeeks: 8,
    seed: 1,
  };

  test("are right where all came as the model says", () => {
    const { forecast: foreseen, actual, quantiles } = anchorForecast(present, input)!;
    for (const [o, output] of OUTPUTS.entries()) {
      for (const [h, horizon] of input.horizonsDays.entries()) {
        const at = 4 * o + h;
        // 400 days ahead lies beyond the history.
        if (horizon === 400) expect(actual[at]).toBeNaN();
        else expect(Math.abs(foreseen[at]! / actual[at]! - 1), `${output} in ${horizon} days`).toBeLessThan(1e-10);
      }
    }
    const power = [0, 1, 2].map((h) => Math.abs(foreseen[h]! / actual[h]! - 1));
    expect(Math.max(...power)).toBeLessThan(1e-12);
    expect(quantiles.every(Number.isNaN)).toBe(true);
  });

  test("are wrong where the rates then changed", () => {
    const changed = foreseeable();
    changed.rawPowerEib = changed.rawPowerEib.map((eib, i) => (i > input.day ? 1.1 * eib : eib));
    const other = prepareEngine(changed);
    const { forecast: foreseen, actual } = anchorForecast(other, { ...input, snapshotId: other.snapshotId })!;
    expect(foreseen[1]! / actual[1]!).toBeCloseTo(1 / 1.1, 10);
  });

  test("have bands about them, the same for the same seed", () => {
    const chance = { ...input, runs: 40, method: "mean_reverting" as const };
    const noisy = prepareEngine(history);
    const anchor = { ...chance, snapshotId: noisy.snapshotId, day: 800, members: { sector_duration_days: 360 } };
    const { quantiles } = anchorForecast(noisy, anchor)!;
    const [low, , , middle, , , high] = quantiles.subarray(14, 21);
    expect(low!).toBeLessThan(middle!);
    expect(middle!).toBeLessThan(high!);
    expect([...anchorForecast(noisy, anchor)!.quantiles]).toEqual([...quantiles]);
    expect([...anchorForecast(noisy, { ...anchor, seed: 2 })!.quantiles]).not.toEqual([...quantiles]);
  });

  test("are not made on another snapshot", () => {
    expect(anchorForecast(present, { ...input, snapshotId: "another" })).toBeUndefined();
  });
});

describe("scores", () => {
  const one = (
    forecast: number | null,
    actual: number,
    no_change: number,
    bands: number[] | null = null,
    band_80: [number, number] | null = null,
  ): Comparison => ({
    truth: "reconstructed",
    band_80,
    anchor: "2025-01-01",
    horizon_days: 30,
    date: "2025-01-31",
    series: "circ_supply",
    forecast,
    actual,
    no_change,
    bands,
  });

  test("are the mean errors as shares of what came, against no change, and how often the bands held it", () => {
    const compared = [
      one(110, 100, 80, [90, 95, 100, 105, 115], [92, 108]),
      one(190, 200, 160, [191, 195, 198, 199, 205], [192, 199]),
      one(50, 50, 45),
    ];
    expect(scoresOf(compared, ["circ_supply"], [30])).toEqual([
      {
        series: "circ_supply",
        truth: "reconstructed",
        horizon_days: 30,
        independent_spans: 1,
        forecasts: 3,
        mape: expect.closeTo(0.05, 12),
        bias: expect.closeTo(0.05 / 3, 12),
        no_change_mape: expect.closeTo(0.5 / 3, 12),
        skill: expect.closeTo(0.7, 12),
        inside_50: 0.5,
        inside_80: 0.5,
        inside_90: 1,
        // The bands are 25 and 14 wide, about 100 and 200.
        interval_score_90: expect.closeTo((0.25 + 0.07) / 2, 12),
      },
    ]);
  });

  test("are null where nothing can be compared", () => {
    const [score] = scoresOf([one(null, 100, 100), one(3, 0, 1)], ["circ_supply"], [30]);
    expect(score).toMatchObject({
      forecasts: 0,
      mape: null,
      bias: null,
      no_change_mape: 0,
      skill: null,
      inside_90: null,
    });
    expect(scoresOf([], ["network_RBP_EIB"], [30])[0]).toMatchObject({ truth: "measured", forecasts: 0, mape: null });
  });

  test("leave out days that have not come", () => {
    const values = (...of: number[]) => Float64Array.from(of);
    const anchors = [
      {
        day: 10,
        forecast: values(1, 2),
        actual: values(3, Number.NaN),
        unchanged: values(5, 5),
        quantiles: new Float64Array(14).fill(Number.NaN),
      },
    ];
    const compared = { anchors, outputs: ["circ_supply"] as OutputName[], horizonsDays: [30, 60], startDay: 20_000 };
    expect(comparisonsOf({ ...compared, lastMeasuredDay: 40 })[0]!.truth).toBe("measured");
    expect(comparisonsOf({ ...compared, lastMeasuredDay: -1 })).toEqual([
      {
        anchor: "2024-10-14",
        horizon_days: 30,
        date: "2024-11-13",
        series: "circ_supply",
        forecast: 1,
        actual: 3,
        no_change: 5,
        truth: "reconstructed",
        bands: null,
        band_80: null,
      },
    ]);
  });
});
