import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import {
  HistoryFault,
  type HistoryFile,
  historyFileOf,
  parseHistory,
} from "../../../../src/systems/filecoin/history/file";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import { goldens, readJson } from "../model/goldenCase";

const goldenFile = readJson<HistoryFile>(join(goldens, "sample/history.json"));

/** Every number of a nested value, by its path. */
function numbers(value: unknown, path = ""): [string, number][] {
  if (typeof value === "number") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbers(inner, `${path}.${key}`));
}

/** A file with one member changed; the path names it. */
function changed(path: string, value: unknown): unknown {
  const file = structuredClone(goldenFile) as unknown as Record<string, unknown>;
  const steps = path.split(".");
  const last = steps.pop()!;
  let place = file;
  for (const step of steps) place = place[step] as Record<string, unknown>;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return file;
}

function faultOf(file: unknown): HistoryFault {
  try {
    parseHistory(file);
  } catch (fault) {
    if (fault instanceof HistoryFault) return fault;
    throw fault;
  }
  throw new Error("the file was taken");
}

describe("the sample", () => {
  test("expands to the golden days within 1e-12", () => {
    const { measured_stocks: _, ...file } = historyFileOf(sampleHistory());
    const expanded = new Map(numbers(file));
    const expected = numbers(goldenFile);
    expect(expanded.size).toBe(expected.length);
    const off = expected.filter(([path, value]) => {
      const actual = expanded.get(path) ?? Number.NaN;
      return !(Math.abs(actual - value) <= 1e-12 * Math.abs(value));
    });
    expect(off).toEqual([]);
  });

  test("says that it is the sample, and its dates", () => {
    const { source, startDate, currentDate } = sampleHistory();
    expect({ source, startDate, currentDate }).toEqual({
      source: "sample",
      startDate: "2022-10-10",
      currentDate: "2025-09-09",
    });
  });
});

describe("a history file", () => {
  test("is read, and written again unchanged", () => {
    const history = parseHistory(goldenFile);
    expect(history.source).toBe("file");
    expect(history.burntFil).toBeInstanceOf(Float64Array);
    const { snapshot: _, ...figures } = goldenFile as HistoryFile & { snapshot?: string };
    expect(historyFileOf(history)).toEqual(figures);
  });

  test("of real daily figures is read", () => {
    const history = parseHistory(readJson(join(goldens, "history.json")));
    expect(history.rawPowerEib).toHaveLength(1066);
    expect(history.smoothed.rawBytePower).toBe(2.6374359130859375);
  });

  const lists = "a list of finite numbers";
  const cases: [what: string, path: string, value: unknown, message: string][] = [
    [
      "a missing figure",
      "offline_data.rb_power_zero",
      undefined,
      "offline_data.rb_power_zero: expected a finite number, got nothing",
    ],
    [
      "a text for a number",
      "offline_data.qa_power_zero",
      "12",
      'offline_data.qa_power_zero: expected a finite number, got "12"',
    ],
    [
      "an infinite number",
      "offline_data.daily_burnt_fil",
      Number.POSITIVE_INFINITY,
      "offline_data.daily_burnt_fil: expected a finite number, got Infinity",
    ],
    ["a number for a list", "offline_data.burnt_fil_vec", 3, `offline_data.burnt_fil_vec: expected ${lists}, got 3`],
    [
      "a null in a list",
      "offline_data.burnt_fil_vec.7",
      null,
      "offline_data.burnt_fil_vec.7: expected a finite number, got null",
    ],
    [
      "a list too short",
      "offline_data.historical_raw_power_eib",
      [1, 2],
      "offline_data.historical_raw_power_eib: expected 1066 entries for 2022-10-10 to 2025-09-09, got 2 entries",
    ],
    [
      "a renewal rate of the current date",
      "offline_data.historical_renewal_rate",
      new Array(1066).fill(1),
      "offline_data.historical_renewal_rate: expected 1065 entries for 2022-10-10 to 2025-09-09, got 1066 entries",
    ],
    ["a date that is none", "start_date", "2022-02-30", 'start_date: expected a date as YYYY-MM-DD, got "2022-02-30"'],
    [
      "a start before launch",
      "start_date",
      "2020-10-14",
      "start_date: expected the network's launch, 2020-10-15, or later, got 2020-10-14",
    ],
    [
      "no day of history",
      "current_date",
      "2022-10-10",
      "current_date: expected a date 1 to 7300 days after start_date, 2022-10-10, got 2022-10-10",
    ],
    ["no smoothed rates", "smoothed_metrics", undefined, "smoothed_metrics: expected an object, got nothing"],
    [
      "an empty list of rates",
      "historical_arrays.filplus_rate",
      [],
      "historical_arrays.filplus_rate: expected at least 1 entry, got a list of 0 entries",
    ],
    [
      "an endless table",
      "offline_data.rb_known_scheduled_expire_vec",
      new Array(7302).fill(0),
      "offline_data.rb_known_scheduled_expire_vec: expected at most 7301 entries, got a list of 7302 entries",
    ],
  ];
  for (const [what, path, value, message] of cases) {
    test(`with ${what} is refused by name`, () => expect(faultOf(changed(path, value)).message).toStartWith(message));
  }

  test("that is no object is refused", () => {
    expect(faultOf([]).message).toBe("the file: expected an object, got a list of 0 entries");
    expect(faultOf(null).message).toBe("the file: expected an object, got null");
  });

  test("lists every fault, and none of them at length", () => {
    const file = changed("offline_data.burnt_fil_vec", "x".repeat(10_000)) as HistoryFile;
    const fault = faultOf({ ...file, smoothed_metrics: null });
    expect(fault.faults.map(({ path }) => path.join("."))).toEqual(["smoothed_metrics", "offline_data.burnt_fil_vec"]);
    expect(fault.message).toBe("smoothed_metrics: expected an object, got null (and 1 more)");
    expect(JSON.stringify(fault.faults).length).toBeLessThan(500);
    const nulls = faultOf(changed("offline_data.burnt_fil_vec", new Array(1066).fill(null)));
    expect(nulls.faults).toHaveLength(20);
  });
});
