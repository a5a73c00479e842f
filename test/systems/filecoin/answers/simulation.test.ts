import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { type AnswerShape, CONTRACT_SHAPE } from "../../../../src/systems/filecoin/answers/shape";
import { runSimulation, type SimulationAnswer } from "../../../../src/systems/filecoin/answers/simulation";
import { parseHistory } from "../../../../src/systems/filecoin/history/file";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import { prepareEngine } from "../../../../src/systems/filecoin/model/engine";
import { forecast } from "../../../../src/systems/filecoin/model/forecast";
import { type ScenarioMembers, scenarioFrom } from "../../../../src/systems/filecoin/scenario";
import { simulateRequest } from "../../../../src/systems/filecoin/schema/requests";
import { OUTPUT_NAMES, type OutputName } from "../../../../src/systems/filecoin/schema/series";
import { exchanges, goldens, readJson } from "../model/goldenCase";

const engine = prepareEngine(sampleHistory());

function answer(
  members: ScenarioMembers,
  names: readonly OutputName[],
  shape: Partial<AnswerShape> = {},
): SimulationAnswer {
  return runSimulation(engine, scenarioFrom(members, engine.history.smoothed), names, { ...CONTRACT_SHAPE, ...shape });
}

function textOf({ bytes }: SimulationAnswer): string {
  return new TextDecoder().decode(bytes);
}

// biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what these tests look at
function json(members: ScenarioMembers, names: readonly OutputName[], shape: Partial<AnswerShape> = {}): any {
  return JSON.parse(textOf(answer(members, names, shape)));
}

function whole(members: ScenarioMembers, name: OutputName): number[] {
  return Array.from(forecast(engine, scenarioFrom(members, engine.history.smoothed)).series(name));
}

describe("the contract's answer", () => {
  test("has the history's rates, the asked series in their order, its origin and its dates", () => {
    const body = json({ forecast_length_days: 100, rbp: 9 }, ["network_time", "1y_sector_roi", "days", "network_time"]);
    expect(Object.keys(body)).toEqual([
      "input",
      "simulation_output",
      "source",
      "dates",
      "stamp",
      "rules",
      "model",
      "warnings",
    ]);
    expect(body.input).toEqual({
      "current date": "2025-09-09",
      forecast_length_days: 100,
      raw_byte_power: 2.64,
      renewal_rate: 0.83,
      filplus_rate: 0.82,
      sim_start_date: "2025-09-09",
      sim_end_date: "2025-12-16",
      timestep_days: 7,
    });
    expect(Object.keys(body.simulation_output)).toEqual(["network_time", "1y_sector_roi", "days"]);
    expect(body.source).toBe("sample");
    expect(body.dates).toEqual({
      start_date: "2022-10-10",
      current_date: "2025-09-09",
      end_date: "2025-12-18",
      forecast: { first_date: "2025-09-09", step_days: 7, count: 15 },
      years: { first_date: "2022-10-10", step_days: 7, count: 115 },
    });
    expect(body.stamp).toEqual({ engine: "cpu-f64", model: 1, snapshot: engine.snapshotId });
    expect(body.warnings).toEqual([{ reason: expect.stringContaining("more than the 3.07 EiB there are") }]);
  });

  test("thins by the start date's Mondays, rounds to two decimals, and keeps the years whole", () => {
    const { simulation_output: shown } = json({ forecast_length_days: 30 }, ["circ_supply", "1y_return_per_sector"]);
    const supply = whole({ forecast_length_days: 30 }, "circ_supply").slice(1065);
    expect(shown.circ_supply).toEqual([0, 7, 14, 21, 28].map((k) => Number(supply[k]!.toFixed(2))));
    expect(shown["1y_return_per_sector"]).toHaveLength(Math.ceil((1065 + 30 - 364) / 7));
  });

  test("begins at the first Monday of the start date where it is none", () => {
    const moved = { ...sampleHistory(), startDate: "2022-10-11", currentDate: "2025-09-10" };
    const scenario = scenarioFrom({ forecast_length_days: 30 }, moved.smoothed);
    const body = JSON.parse(textOf(runSimulation(prepareEngine(moved), scenario, ["days"], CONTRACT_SHAPE)));
    expect(body.simulation_output.days).toEqual([1797, 1804, 1811, 1818]);
    expect(body.dates.forecast).toEqual({ first_date: "2025-09-16", step_days: 7, count: 4 });
  });

  test("daily and in full is every forecast day with every digit", () => {
    const shape = { sampling: "daily", precision: "full" } as const;
    const body = json({ forecast_length_days: 20 }, ["day_rewards_per_sector", "rb_sched_expire_power_pib"], shape);
    const members = { forecast_length_days: 20 };
    expect(body.simulation_output.day_rewards_per_sector).toEqual(whole(members, "day_rewards_per_sector").slice(1065));
    expect(body.simulation_output.rb_sched_expire_power_pib).toEqual(whole(members, "rb_sched_expire_power_pib"));
    expect(body.dates.forecast).toEqual({ first_date: "2025-09-09", step_days: 1, count: 20 });
  });

  test("keeps a single day, and has no years where there is none", () => {
    const short = { ...sampleHistory(), startDate: "2025-09-08" };
    for (const [key, value] of Object.entries(short)) {
      if (value instanceof Float64Array) Object.assign(short, { [key]: value.subarray(-2) });
    }
    short.renewalRate = short.renewalRate.subarray(-1);
    const scenario = scenarioFrom({ forecast_length_days: 1 }, short.smoothed);
    const run = runSimulation(prepareEngine(short), scenario, OUTPUT_NAMES, CONTRACT_SHAPE);
    const body = JSON.parse(textOf(run));
    expect(body.simulation_output.network_locked).toHaveLength(1);
    expect(body.simulation_output["1y_sector_roi"]).toEqual([]);
    expect(body.dates.years).toEqual({ first_date: null, step_days: 1, count: 0 });
  });

  test("of no series is an empty object", () => {
    expect(json({}, []).simulation_output).toEqual({});
    expect(textOf(answer({}, [], { form: "flat" }))).toBe("{}");
  });
});

describe("numbers that are none", () => {
  const members = { forecast_length_days: 400, rbp: 0 };

  test("leave as null, with a warning that says where and why", () => {
    const body = json(members, ["day_pledge_per_QAP", "circ_supply"]);
    expect(body.simulation_output.day_pledge_per_QAP.slice(0, 3)).toEqual([expect.any(Number), null, null]);
    expect(body.warnings.filter(({ series }: { series?: string }) => series)).toEqual([
      {
        series: "day_pledge_per_QAP",
        count: 57,
        first_index: 1,
        first_date: "2025-09-16",
        reason: "no power is onboarded on that day, so nothing can be divided by it",
      },
    ]);
  });

  test("are named in the form of the command line, and counted where the body has no place for a warning", () => {
    const body = json(members, ["day_pledge_per_QAP"], { form: "series" });
    expect(body.series.day_pledge_per_QAP.at(-1)).toBe("NaN");
    expect(body.warnings.at(-1)).toMatchObject({ count: 399, first_index: 1066, first_date: "2025-09-10" });
    expect(answer(members, ["day_pledge_per_QAP"], { form: "flat" }).warnings.at(-1)).toMatchObject({
      first_index: 1066,
    });
  });

  test("of a scenario beyond all bounds are still valid JSON", () => {
    const body = json({ forecast_length_days: 900, rbp: 1e308, sector_duration_days: 1, rr: -1e300 }, OUTPUT_NAMES);
    const reasons = new Set(body.warnings.map(({ reason }: { reason: string }) => reason));
    expect(reasons).toContain("the scenario drives the model beyond the range of its numbers");
  });
});

describe("other forms", () => {
  const members = { forecast_length_days: 10 };

  test("flat is every series whole under its name and nothing else", () => {
    const body = json(members, OUTPUT_NAMES, { form: "flat", precision: "full" });
    expect(Object.keys(body)).toEqual(OUTPUT_NAMES);
    for (const name of OUTPUT_NAMES) expect(body[name]).toEqual(whole(members, name));
  });

  test("saved has the scenario, from which the same results come again", () => {
    const asked = { ...members, gamma: [0.5], rbp: Array.from({ length: 10 }, (_, i) => i + 1) };
    const { setup, results } = json(asked, OUTPUT_NAMES, { form: "saved", precision: "full" });
    expect(setup).toMatchObject({
      start_date: "2022-10-10",
      current_date: "2025-09-09",
      end_date: "2025-09-19",
      forecast_length_days: 10,
      sector_duration_days: 540,
      lock_target: 0.3,
      rbp: asked.rbp,
      rr: 0.8268,
      fpr: 0.8207,
    });
    for (const name of OUTPUT_NAMES) expect(whole(setup, name)).toEqual(results[name]);
  });

  test("CSV has a line for each day of the answer, and empty cells where a series has no day", () => {
    const names = ["days", "rb_sched_expire_power_pib", "1y_return_per_sector"] as const;
    const lines = textOf(answer({ forecast_length_days: 366 }, names, { format: "csv", sampling: "daily" })).split(
      "\n",
    );
    expect(lines[0]).toBe("date,days,rb_sched_expire_power_pib,1y_return_per_sector");
    expect(lines[1]).toMatch(/^2025-09-09,1790\.0,[\d.]+,0\.0\d?$/);
    expect(lines[3]).toMatch(/^2025-09-11,1792\.0,[\d.]+,$/);
    expect(lines).toHaveLength(1 + 366 + 1);
    expect(lines.at(-1)).toBe("");
    const weekly = textOf(answer({ forecast_length_days: 366 }, names, { format: "csv" })).split("\n");
    expect(weekly[2]).toStartWith("2025-09-16,1797.0,");
    const flat = textOf(answer(members, names, { format: "csv", form: "flat" })).split("\n");
    expect(flat[1]).toMatch(/^2022-10-10,725\.0,,0\.\d+$/);
    expect(flat).toHaveLength(1 + 1075 + 1);
  });

  test("CSV names numbers that are none", () => {
    const text = textOf(answer({ ...members, rbp: 0 }, ["day_pledge_per_QAP"], { format: "csv", sampling: "daily" }));
    expect(text.split("\n")[2]).toBe("2025-09-10,NaN");
  });
});

test("an answer has a buffer of its own, so that the next one leaves it alone", () => {
  const first = answer({}, ["days"]);
  const text = textOf(first);
  answer({ rbp: 7 }, ["circ_supply"]);
  expect(textOf(first)).toBe(text);
  expect(first.bytes.buffer.byteLength).toBe(first.bytes.length);
});

interface Run {
  input: unknown;
  simulation_output: Record<string, number[]>;
}

describe("answers of the original are reproduced", () => {
  const known = prepareEngine(parseHistory(readJson(join(goldens, "history.json"))));
  const runs = exchanges<Run>().filter(({ name }) => name.startsWith("sim_"));
  test("there are nine of them", () => expect(runs).toHaveLength(9));
  for (const { name, request, body } of runs) {
    test(name, () => {
      const { output = OUTPUT_NAMES, ...members } = simulateRequest.parse(request.body);
      const scenario = scenarioFrom(members, known.history.smoothed, { knownTrim: "server" });
      const actual = JSON.parse(textOf(runSimulation(known, scenario, output, CONTRACT_SHAPE)));
      expect(actual.input).toMatchObject(body.input as object);
      expect(Object.keys(actual.simulation_output)).toEqual(Object.keys(body.simulation_output));
      for (const [series, expected] of Object.entries(body.simulation_output)) {
        const values = actual.simulation_output[series] as number[];
        expect(values).toHaveLength(expected.length);
        const off = expected.findIndex(
          (value, k) => !(Math.abs(values[k]! - value) <= 0.0100001 + 1e-9 * Math.abs(value)),
        );
        expect({ series, off }).toEqual({ series, off: -1 });
      }
    });
  }
});
