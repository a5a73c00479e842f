import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { parseHistory } from "../../../../src/systems/filecoin/history/file";
import {
  fullHistoricalData,
  historicalData,
  simulationDates,
} from "../../../../src/systems/filecoin/history/historicalData";
import { snapshotId } from "../../../../src/systems/filecoin/history/identity";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import { goldens, readJson } from "../model/goldenCase";

const history = sampleHistory();

test("the original's answer is the same, figure by figure and in its order", () => {
  const full = parseHistory(readJson(join(goldens, "history.json")));
  const golden = readJson<{ body: unknown }>(join(goldens, "http/historical.json"));
  const names = Object.keys((golden.body as { data: object }).data);
  const { data } = JSON.parse(JSON.stringify(historicalData(full))) as { data: Record<string, unknown> };
  expect({ data: Object.fromEntries(names.map((name) => [name, data[name]])) }).toEqual(golden.body as never);
  expect(Object.keys(data).slice(0, names.length)).toEqual(names);
});

test("newer clients find dates, and supply, locked, burn and pledge by date", () => {
  const { data } = historicalData(history);
  expect(data).toMatchObject({
    data_start_date: "2022-10-10",
    data_end_date: "2025-09-09",
    timestep_days: 7,
    n_entries: 153,
    hist_window_start_date: "2025-03-13",
    hist_window_days: 181,
  });
  const lists = ["circulating_fil", "locked_fil", "burnt_fil", "pledge_fil_per_sector"].map(
    (name) => data[`historical_${name}`] as number[],
  );
  for (const list of lists) expect(list).toHaveLength(153);
  expect(lists[0]![136]).toBe(Math.round(history.measured!.circulatingFil[952]!));
  expect(lists[3]![136]).toBeCloseTo(0.1282, 3);
});

describe("the sample's historical data", () => {
  const { data } = historicalData(history);

  test("are every seventh entry from the first Monday, to six decimals", () => {
    expect(data["historical_raw_power_eib"]).toHaveLength(153);
    expect((data["burnt_fil_vec"] as number[]).slice(0, 3)).toEqual([33118764, 33202424, 33292123]);
    expect(data["daily_burnt_fil"]).toBe(7311.482629);
  });

  test("begin at the first Monday of the start date also where it is none", () => {
    const later = { ...history, startDate: "2022-10-11", currentDate: "2025-09-10" };
    expect((historicalData(later).data["burnt_fil_vec"] as number[])[0]).toBe(
      Math.round(history.burntFil[6]! * 1e6) / 1e6,
    );
  });

  test("keep lists of one entry", () => {
    const short = {
      ...history,
      startDate: "2022-10-11",
      currentDate: "2025-09-10",
      recent: { ...history.recent, renewalRate: Float64Array.of(0.5) },
    };
    expect(historicalData(short).data["renewal_rate"]).toEqual([0.5]);
  });
});

test("the full data keep every entry and digit, and say where they come from", () => {
  const full = fullHistoricalData(history);
  expect(full).toMatchObject({ source: "sample", start_date: "2022-10-10", current_date: "2025-09-09" });
  expect(full.data["burnt_fil_vec"]).toEqual(Array.from(history.burntFil));
  expect(full.data["raw_byte_power_averaged_over_previous_30days"]).toBe(2.637);
});

test("the dates come with the length of every list", () => {
  expect(simulationDates(history)).toMatchObject({
    source: "sample",
    start_date: "2022-10-10",
    current_date: "2025-09-09",
    lengths: { raw_byte_power: 181, renewal_rate: 180, burnt_fil_vec: 1066, historical_renewal_rate: 1065 },
  });
  expect(simulationDates(history).lengths).not.toHaveProperty("rb_power_zero");
});

test("a snapshot's name changes with any of its figures, and only with them", () => {
  const id = snapshotId(history);
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(snapshotId({ ...sampleHistory(), source: "file" })).toBe(id);
  const burntFil = history.burntFil.slice();
  burntFil[500]! += 1e-6;
  expect(snapshotId({ ...history, burntFil })).not.toBe(id);
  expect(snapshotId({ ...history, currentDate: "2025-09-10" })).not.toBe(id);
  expect(snapshotId({ ...history, smoothed: { ...history.smoothed, renewalRate: 0.5 } })).not.toBe(id);
});
