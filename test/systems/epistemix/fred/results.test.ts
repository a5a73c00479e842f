import { describe, expect, test } from "bun:test";
import { epiWeek } from "../../../../src/systems/epistemix/fred/output/days";
import { FLU } from "./flu";
import { OUTPUTS } from "./outputs";
import { runText } from "./runText";

const DAY = 86_400_000;

describe("the files of a result", () => {
  test("are those that the client reads, in its form", () => {
    const run = runText(`
      variables {
        shared numeric n
        shared list seen
        shared table t
        shared list_table lt
        n.output = 1
        seen.output_interval = 4
        t.output_interval = 5
        lt.output_interval = 0
      }
      startup {
        open_csv(who.csv, "id", "text")
        open_file(free.txt)
        t[1] = 0 - 2.5
        lt[1] = list(1, 2)
        lt[2] = list()
        n = 0.1 + 0.2
      }
      condition C {
        meta_start_state = A
        state A {
          push(seen, sim_day / 2)
          print_csv(who.csv, sim_day, "a,b")
          print_file(free.txt, "day", sim_day)
          print("today", today)
          wait(24)
          next(A)
        }
      }`);
    expect(run.status).toBe("done");
    expect(run.file("DAILY/Date.txt")).toStartWith("0 2020-01-01\n1 2020-01-02\n");
    expect(run.file("DAILY/EpiWeek.txt")).toContain("3 2020.01\n4 2020.02\n");
    expect(run.file("DAILY/Popsize.txt")).toStartWith("0 82\n");
    expect(run.daily("C.Excluded")[0]).toBe(82);
    expect(run.daily("C.A")[0]).toBe(0);
    expect(run.file("VARIABLES/numeric.n.csv")).toStartWith("0 0.3\n1 0.3\n");
    expect(run.file("VARIABLES/list.seen.csv")).toBe(
      'day,value\n0,"[0.000000]"\n4,"[0.000000,0.500000,1.000000,1.500000,2.000000]"\n8,"[0.000000,0.500000,1.000000,1.500000,2.000000,2.500000,3.000000,3.500000,4.000000]"\n',
    );
    expect(run.file("VARIABLES/table.t-5.csv")).toBe("key,value\n1,-2.5\n");
    expect(run.file("VARIABLES/list_table.lt-9.csv")).toBe('key,value\n1,"[1.000000,2.000000]"\n');
    expect(run.file("USER_OUTPUT/who.csv")).toStartWith('id,text\n0,"a,b"\n1,"a,b"\n');
    expect(run.file("USER_OUTPUT/free.txt")).toStartWith("day 0\nday 1\n");
    expect(run.file("USER_OUTPUT/print_output.txt")).toStartWith("today 0\ntoday 1\n");
    expect(JSON.parse(run.file("conditions.json")!)).toEqual([{ name: "C", states: ["Excluded", "A"] }]);
    expect(run.file("return_code.txt")).toBe("0\n");
    for (const line of run.file("logs.txt")!.trimEnd().split("\n"))
      expect(line).toMatch(/^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\] (INFO|WARNING|ERROR): \S.*$/);
  });

  /** What the client's readers take, a line or a file: it stops at whatever else there is. */
  const FORMS: readonly (readonly [path: RegExp, form: RegExp])[] = [
    [/^DAILY\/Date\.txt$/, /^(\d+ \d{4}-\d\d-\d\d\n)+$/],
    [/^DAILY\/EpiWeek\.txt$/, /^(\d+ \d{4}\.\d\d\n)+$/],
    [/^DAILY\/(Popsize|\w+\.\w+)\.txt$/, /^(\d+ \d+\n)+$/],
    [/^VARIABLES\/numeric\.\w+\.csv$/, /^(\d+ -?\d+(\.\d+)?\n)+$/],
    [/^VARIABLES\/list\.\w+\.csv$/, /^day,value\n(\d+,"\[[\d.]+(,[\d.]+)*\]"\n)*$/],
    [/^VARIABLES\/table\.\w+-\d+\.csv$/, /^key,value\n(\d+(\.\d+)?,-?\d+(\.\d+)?\n)*$/],
    [/^VARIABLES\/list_table\.\w+-\d+\.csv$/, /^key,value\n(\d+(\.\d+)?,"\[[\d.]+(,[\d.]+)*\]"\n)*$/],
    [
      /^NETWORKS\/\w+-\d+\.gv$/,
      /^digraph \w+ \{\n( {2}\d+ \[id=\d+\];\n)+( {2}\d+ -> \d+ \[weight=\d+(\.\d+)?\];\n)+\}\n$/,
    ],
    [/^EXPOSURES\/\w+\.csv$/, /^day,(\w+,)+Outside\n(\d+(,\d+)+\n)+$/],
    [/^PLACES\/\w+\.csv$/, /^kind,place,people,exposures,exposed\n(\w+,\w+,\d+,\d+,\d+\n)+$/],
    [/^USER_OUTPUT\/[\w.]+$/, /^(.+\n)*$/],
    [/^(conditions|about)\.json$/, /^[[{]/],
    [/^logs\.txt$/, /^(\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\] (INFO|WARNING): .+\n)+$/],
    [/^return_code\.txt$/, /^0\n$/],
  ];

  test("are each in the form that the client's readers take, the network of the last day among them", () => {
    const { files } = runText(OUTPUTS, { endDate: "2020-01-05" });
    const text = new TextDecoder();
    for (const { path, bytes } of files) {
      const [, form] = FORMS.find(([name]) => name.test(path)) ?? [];
      expect([path, text.decode(bytes)]).toEqual([path, expect.stringMatching(form ?? /^a form of its own$/)]);
    }
    const named = (folder: string) => files.map(({ path }) => path).filter((path) => path.startsWith(folder));
    expect(named("NETWORKS/")).toEqual(["NETWORKS/Friends-0.gv", "NETWORKS/Friends-4.gv"]);
    expect(named("VARIABLES/list_table")).toEqual(["VARIABLES/list_table.pairs-4.csv"]);
  });

  test("hold lists below 0, and say that the client will not read them", () => {
    const run = runText("variables { shared list low\n low.output = 1 }\nstartup { low = list(-1, 1e24) }", {
      endDate: "2020-01-01",
    });
    expect(run.file("VARIABLES/list.low.csv")).toBe('day,value\n0,"[-1.000000,999999999999999983222784.000000]"\n');
    expect(run.file("logs.txt")).toContain("WARNING: low holds a number below 0");
  });

  test("tell of each exposure by its place and its day, which together are those who were ever caught", () => {
    const run = runText(FLU, { locations: ["Jefferson_County_PA"], endDate: "2020-03-01" });
    const rows = (path: string) =>
      run
        .file(path)!
        .trimEnd()
        .split("\n")
        .map((row) => row.split(","));
    const [head, ...days] = rows("EXPOSURES/FLU.csv");
    expect(head!.slice(0, 7)).toEqual([
      "day",
      "Household",
      "School",
      "Classroom",
      "Workplace",
      "Block_Group",
      "County",
    ]);
    expect(head!.at(-1)).toBe("Outside");
    const caught = run.daily("FLU.newCaught");
    expect(days.map((row) => row.slice(1).reduce((sum, cell) => sum + Number(cell), 0))).toEqual(caught);
    expect(days[0]!.at(-1)).toBe("10");
    const inCounty = rows("PLACES/FLU.csv").find(([kind]) => kind === "County")!;
    const total = (column: number) => days.reduce((sum, row) => sum + Number(row[column]), 0);
    expect(inCounty).toEqual([
      "County",
      "Jefferson_County_PA",
      "45200",
      `${total(6)}`,
      `${run.daily("FLU.totCaught").at(-1)}`,
    ]);
    const schools = rows("PLACES/FLU.csv").filter(([kind]) => kind === "School");
    expect(schools.reduce((sum, row) => sum + Number(row[3]), 0)).toBe(total(2));
  });

  test("of one day have one line", () => {
    const run = runText(FLU, { endDate: "2020-01-01" });
    expect(run.daily("FLU.Well")).toHaveLength(1);
    expect(run.daily("FLU.newCaught")).toEqual([10]);
  });

  test("are the same bytes for one seed, and others for another", () => {
    const bytes = (seed: bigint) => runText(FLU, { seed }).files.map(({ path, bytes: all }) => [path, Bun.hash(all)]);
    expect(bytes(2n ** 64n - 1n)).toEqual(bytes(2n ** 64n - 1n));
    expect(bytes(2n ** 64n - 1n)).not.toEqual(bytes(2n ** 64n - 2n));
  });

  test("do not move when another condition draws chance", () => {
    const other =
      "condition Z { start_state = A\n state A { wait(uniform(1,9))\n next(A) with prob(0.5)\n default(A) } }";
    expect(runText(FLU + other).daily("FLU.totCaught")).toEqual(runText(FLU).daily("FLU.totCaught"));
  });
});

test.each([
  ["2019-12-28", "2019.52"],
  ["2019-12-29", "2020.01"],
  ["2021-01-02", "2020.53"],
  ["2021-01-03", "2021.01"],
  ["2023-01-01", "2023.01"],
])("%s is of week %s", (date, week) => {
  expect(epiWeek(Date.parse(date) / DAY)).toBe(week);
});

describe("options win over the program", () => {
  test("dates, places and shared variables", () => {
    const run = runText(
      `simulation { locations = Elk_County_PA
        start_date = 1999-Dec-31
        days = 2 }
       variables { shared numeric x = 1
        shared numeric y = 2 }
       startup { y = x * 10
        x = 7
        print(x, y, year()) }`,
      { parameters: { x: "5" } },
    );
    expect(run.file("USER_OUTPUT/print_output.txt")).toBe("5 50 2020\n");
    expect(run.column("DAILY/Popsize.txt")).toEqual(new Array(10).fill("82"));
  });

  test.each([
    [{ parameters: { z: "1" } }, "the model has no shared variable z; the nearest known is x; it has x, word"],
    [{ parameters: { x: "one" } }, "x must be a number, not one"],
    [{ endDate: "2019-12-31" }, "the end date lies before the start date"],
    [{ endDate: "2120-06-01" }, "a run has at most 36525, a hundred years"],
    [{ startDate: "2020-02-30" }, "the start date 2020-02-30 is no date"],
  ])("%j is refused with a sentence", (options, told) => {
    const run = runText("variables { shared numeric x\n shared string word }\ncondition C { state S { } }", options);
    expect(run.status).toBe("error");
    expect(run.file("logs.txt")).toContain(told);
    expect(run.file("return_code.txt")).toBe("1\n");
  });
});

test("a run tells of its days and can be stopped after each", () => {
  const told: string[] = [];
  const leaving = new AbortController();
  const run = runText(
    FLU,
    {},
    {
      onDay: ({ day, days, date }) => {
        told.push(`${day}/${days} ${date}`);
        if (day === 2) leaving.abort();
      },
      signal: leaving.signal,
    },
  );
  expect(told).toEqual(["0/10 2020-01-01", "1/10 2020-01-02", "2/10 2020-01-03"]);
  expect(run.status).toBe("cancelled");
  expect(run.file("logs.txt")).toContain("ERROR: the run was stopped after 3 of 10 days");
});
