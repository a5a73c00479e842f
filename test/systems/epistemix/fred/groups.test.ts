import { describe, expect, test } from "bun:test";
import { COLD, closed } from "./cold";
import { runText } from "./runText";

const printed = (run: ReturnType<typeof runText>) => run.file("USER_OUTPUT/print_output.txt")!.trimEnd().split("\n");
const wrong = (run: ReturnType<typeof runText>) => /ERROR: (.*)/.exec(run.file("logs.txt")!)?.[1];

describe("places of the program's own", () => {
  const CLINICS = "ID, LAT, LON, ELEV, beds\n900000001, 41.0, -79.0, 310, 7\n900000002, 42.0, -79.0, 0, 9\n";
  const CLINIC = `
    place Clinic { has_group_agent = 1 }
    variables { shared list clinics
      agent numeric beds
      agent numeric visits }
    startup { clinics = read_place_file(data/clinics.csv, Clinic) }`;
  const withClinics = (text: string, options = {}) =>
    runText(CLINIC + text, options, { files: { "data/clinics.csv": CLINICS } });

  test("are read with their numbers, positions and variables, joined and left", () => {
    const run = withClinics(`
      condition GO { start_state = Wait
        group_start_state = Open
        state Wait { wait(1)
          if (id() < 3) then next(Visit)
          default(Excluded) }
        state Visit { join(Clinic, 900000001)
          tell(Clinic, visits, ask(Clinic, visits) + 1)
          print("in", Clinic, is_member(Clinic), length(members(Clinic)))
          wait(24)
          next(Leave) }
        state Leave { quit(Clinic)
          print("out", Clinic, is_member(Clinic))
          wait() }
        state Open { wait(48)
          next(Count) }
        state Count { print(id(), beds, visits, latitude(Clinic), elevation(Clinic), length(members(Clinic)))
          wait() } }
      startup { print(length(clinics), select(clinics, 1), round(dist(900000001, 900000002))) }`);
    expect(wrong(run)).toBeUndefined();
    expect(printed(run)).toEqual([
      "2 900000002 111",
      "in 900000001 1 1",
      "in 900000001 1 2",
      "in 900000001 1 3",
      "out -1 0",
      "out -1 0",
      "out -1 0",
      "900000001 7 3 41 310 0",
      "900000002 9 0 42 0 0",
    ]);
  });

  test("that are not there, and positions that no file says, end the run with a sentence", () => {
    expect(wrong(withClinics("startup { print(latitude(5)) }"))).toContain("5 is the number of no place");
    const join = "condition GO { start_state = A\n state A { join(Clinic, 3)\n wait() } }";
    expect(wrong(withClinics(join))).toContain("there is no Clinic 3, in GO.A, agent 0");
    const text = `place Clinic { }\nstartup { print(latitude(select(read_place_file(c.csv, Clinic), 0))) }`;
    const run = runText(`${text}\ncondition C { state S { } }`, {}, { files: { "c.csv": "ID\n7000000000\n" } });
    expect(wrong(run)).toContain("no file says the latitude of this place");
  });

  test("spread what their members pass on, at their own rate", () => {
    const text = `place Bar { contact_rate = 5 }
      startup { read_place_file(bar.csv, Bar) }
      agent_startup { if (id() < 30) then join(Bar) }
      ${closed(["Household", "School", "Classroom", "Workplace", "Block_Group", "County"])}
      ${COLD("proximity")}`.replace("COLD, 5", "COLD, 40");
    const run = runText(text, {}, { files: { "bar.csv": "ID\n9000000000\n" } });
    expect(wrong(run)).toBeUndefined();
    const outside = run.daily("COLD.Well").at(-1)!;
    expect(outside).toBeGreaterThan(10);
    expect(outside).toBeLessThan(52);
    expect(run.daily("COLD.Caught").at(-1)! + outside).toBe(82);
  });
});

describe("agents that a program brings along", () => {
  const OWN = "simulation { default_model = none }\nvariables { agent numeric kind\n agent numeric x_pos }";

  test("are there from when their file is read, with its values and their numbers", () => {
    const run = runText(
      `${OWN}
      condition READ { meta_start_state = Later
        state Later { wait(25)
          next(Now) }
        state Now { print(length(read_agent_file(agents.csv)), size(Population))
          wait() } }
      condition LIVE { start_state = Begin
        state Begin { print(id(), kind, x_pos)
          wait() } }`,
      { locations: ["none"] },
      { files: { "agents.csv": "ID,kind,x_pos\n5000,1,0.5\n7,2,1.5\n" } },
    );
    expect(wrong(run)).toBeUndefined();
    expect(printed(run)).toEqual(["5000 1 0.5", "7 2 1.5", "2 2"]);
    expect(run.column("DAILY/Popsize.txt").slice(0, 3)).toEqual(["0", "2", "2"]);
    expect(run.daily("LIVE.Begin").slice(0, 3)).toEqual([0, 2, 2]);
    expect(run.daily("LIVE.Excluded").slice(0, 3)).toEqual([0, 0, 0]);
  });

  test("begin with all others where the file is read before the first hour, and can be asked by their numbers", () => {
    const run = runText(
      `${OWN}
      startup { read_agent_file(agents.csv) }
      agent_startup { if (kind > 0) then print("started", id()) }
      condition ASK { meta_start_state = Ask
        state Ask { print(ask(900000001, x_pos), ask(3, x_pos), length(members(Population)))
          tell(900000001, x_pos, ask(_, x_pos) * 2)
          print(ask(900000001, x_pos))
          wait() } }`,
      {},
      { files: { "agents.csv": "ID,kind,x_pos\n900000001,1,0.5\n3,2,1.5\n" } },
    );
    // Number 3 is one of the residents, who is told what the file says.
    expect(printed(run)).toEqual(["started 3", "started 900000001", "0.5 1.5 83", "1"]);
  });

  test("whose file names what agents have not are refused before the first hour", () => {
    const text = "variables { agent numeric kind }\nstartup { read_agent_file(a.csv) }\ncondition C { state S { } }";
    const fault = (file: string) => runText(text, {}, { files: { "a.csv": file } }).faults[0]?.message;
    expect(fault("ID,kindd\n1,2\n")).toBe("a.csv: agents have no numeric variable kindd; the nearest known is kind");
    expect(fault("1,2\n")).toContain("a.csv has no head");
    expect(fault("ID,kind\n1.5,2\n")).toBe("a.csv, line 2: the ID is no whole number from 0");
  });
});

describe("people", () => {
  test("have races and incomes by their homes, and a head of each", () => {
    const run = runText(
      `variables { agent numeric race
        agent numeric income
        agent numeric household_relationship
        shared numeric whites
        shared numeric low
        shared numeric heads
        shared numeric unlike }
      agent_startup {
        if (race == white) then whites = whites + 1
        if (income <= 17940) then low = low + 1
        if (household_relationship == householder) then heads = heads + 1
        unlike = unlike + (length(unique(ask(members(Household), race))) > 1)
      }
      condition C { meta_start_state = A
        state A { print(whites / size(Population), low / size(Population), heads, unlike)
          wait() } }`,
      { locations: ["Jefferson_County_PA"], endDate: "2020-01-01" },
    );
    const [white, low, heads, unlike] = printed(run)[0]!.split(" ").map(Number);
    expect(white).toBeCloseTo(0.724, 1);
    expect(low).toBeCloseTo(0.2, 1);
    expect([heads, unlike]).toEqual([JSON.parse(run.file("about.json")!).places.Household, 0]);
  });

  test("live where their county is, near their neighbours, at the same place for the same seed", () => {
    const text = `agent_startup { print(latitude(Self), longitude(Household), dist(Household, County), dist(Household, Block_Group)) }
      condition C { state S { } }`;
    const homes = (locations: string[]) =>
      printed(runText(text, { locations })).map((line) => line.split(" ").map(Number));
    const loving = homes(["Loving_County_TX"]);
    for (const [latitude, longitude, away] of loving) {
      expect(Math.abs(latitude! - 31.849)).toBeLessThan(0.25);
      expect(Math.abs(longitude! + 103.578)).toBeLessThan(0.3);
      // Half of a square's diagonal of 1,746 square kilometres.
      expect(away).toBeLessThan(30);
    }
    expect(homes(["Cameron_County_PA", "Loving_County_TX"]).slice(-82)).toEqual(loving);
    const groups = homes(["Cameron_County_PA"]);
    const mean = (column: number) => groups.reduce((sum, row) => sum + row[column]!, 0) / groups.length;
    expect(mean(3)).toBeLessThan(mean(2));
  });
});

describe("older and shorter words", () => {
  test("import_count exposes to the condition in whose state it stands", () => {
    const run = runText(COLD("environmental").replace("import_exposures(COLD, 5)", "import_count(7)"));
    expect(run.daily("COLD.totCaught").at(-1)).toBe(7);
  });

  test("until(8pm) is the next evening, never now", () => {
    const run = runText(
      `condition C { meta_start_state = A
      state A { wait(until(8pm))
        next(B) }
      state B { print(now)
        wait(until(8pm))
        next(B) } }`,
      { endDate: "2020-01-02" },
    );
    expect(printed(run)).toEqual(["20", "44"]);
  });

  test("samples follow weights, and members can be tested with an expression", () => {
    const run = runText(`variables { shared numeric k
        shared list drawn }
      startup {
        print(sample_without_replacement(list(1, 2, 3), 2, list(0, 1, 5)) * 0 + 1)
        drawn = sample_with_replacement(range(2), 1000, list(3, 1))
        print(sum(drawn) > 200, sum(drawn) < 300)
        print(length(select(list(1, 2, 3, 4), _ * 2 > 4)), find_index(3, list(1, 3)))
      }
      condition C { state S { } }`);
    expect(printed(run)).toEqual(["1,1", "1 1", "2 1"]);
    expect(
      wrong(runText("startup { print(sample_with_replacement(list(1), 1, list(0))) }\ncondition C { state S { } }")),
    ).toContain("all weigh nothing");
  });

  test("exit() takes an agent away, and ends the run where it is the meta agent's", () => {
    const leaving = (who: string) =>
      `condition C { ${who}_state = A\n state A { wait(30)\n next(B) }\n state B { exit()\n wait() } }`;
    expect(runText(leaving("start")).column("DAILY/Popsize.txt")).toEqual(["82", ...new Array(9).fill("0")]);
    expect(runText(leaving("meta_start")).column("DAILY/Popsize.txt")).toEqual(["82", "82"]);
  });

  test("the neighbourhood of an agent is all to whom so many edges lead", () => {
    const run = runText(`network N { is_undirected = 1 }
      variables { shared list away }
      startup { add_edge(N, 1, 2)
        add_edge(N, 2, 3)
        add_edge(N, 3, 4)
        print(edge_neighborhood(N, 1, 2, away))
        print(away)
        quit(N)
        print(size(N)) }
      condition C { state S { } }`);
    expect(printed(run)).toEqual(["1,2,3", "0,1,2", "0"]);
  });

  test("a program's own seed counts where the run gives none, and words without effect are told", () => {
    const text = (seed: number) => `simulation { seed = ${seed}
      weekly_data = 1 }
      condition C { meta_start_state = A
      state A { print(uniform(0, 1))
        wait() } }`;
    const drawn = (seed: number, given: bigint | "own" = "own") => printed(runText(text(seed), { seed: given }))[0];
    expect(drawn(5)).not.toBe(drawn(6));
    expect(drawn(5)).toBe(drawn(9, 5n));
    expect(runText(text(5)).file("logs.txt")).toContain("WARNING: weekly_data: the daily figures have their weeks");
  });
});
