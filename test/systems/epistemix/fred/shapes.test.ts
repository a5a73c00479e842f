import { describe, expect, test } from "bun:test";
import { FLU } from "./flu";
import { runText } from "./runText";

const JEFFERSON = { locations: ["Jefferson_County_PA"], endDate: "2020-04-30" };

describe("models of the tutorials' shapes", () => {
  const caught = (text: string, options = {}) =>
    runText(FLU + text, { ...JEFFERSON, ...options })
      .daily("FLU.totCaught")
      .at(-1)!;

  test("whoever stays at home when ill passes less on", () => {
    const home = (share: number) => `
      condition HOME {
        start_state = No
        state No { attend()
          wait() }
        state Yes { skip()
          attend(Household)
          wait() }
      }
      state FLU.Ill { if (bernoulli(${share}) == 1) then set_state(HOME, Yes) }
      state FLU.Over { set_state(HOME, No) }`;
    expect(caught(home(1))).toBeLessThan(caught(home(0)) / 5);
  });

  test("a vaccine that takes before the flu comes keeps those from it for whom it works", () => {
    const run = runText(
      `${FLU}
      variables { shared numeric doses
        doses = 0.5 }
      condition FLU { meta_start_state = Later
        state Later { wait(24 * 30)
          next(Seed) } }
      condition VACCINE {
        transmission_mode = proximity
        transmissibility = 1
        start_state = Asked
        exposed_state = Taken
        meta_start_state = Give
        state Asked { VACCINE.sus = 1
          wait() }
        state Taken { VACCINE.sus = 0
          wait(24 * 14)
          next(Safe) with prob(0.8)
          default(Failed) }
        state Safe { FLU.sus = 0
          wait() }
        state Failed { wait() }
        state Give { wait(0)
          import_exposures(VACCINE, doses * size(Population))
          next(Done) }
        state Done { wait() }
      }`,
      JEFFERSON,
    );
    expect(run.daily("VACCINE.totTaken")[0]).toBe(22_600);
    expect(Math.abs(run.daily("VACCINE.Safe").at(-1)! / 22_600 - 0.8)).toBeLessThan(0.02);
    expect(run.daily("FLU.totCaught")[29]).toBe(0);
    expect(run.daily("FLU.totCaught")[30]).toBe(10);
  });

  test("group agents close their schools by the calendar, and pupils see it", () => {
    const run = runText(
      `place School { has_group_agent = 1 }
      condition HEAD {
        group_start_state = Look
        start_state = Pupil
        state Look { wait(0)
          if (is_group_agent(School) & is_date_in_range(Jan-03, Jan-05)) then next(Shut)
          default(Open) }
        state Open { reopen()
          wait(24)
          next(Look) }
        state Shut { close()
          wait(until(Jan,6))
          next(Look) }
        state Pupil { wait(0)
          if (is_member(School)) then next(Learning)
          default(Excluded) }
        state Learning { wait(24)
          if (is_temporarily_closed(School)) then next(Home)
          default(Learning) }
        state Home { wait(24)
          if (is_temporarily_closed(School)) then next(Home)
          default(Learning) }
      }
      startup { print(length(get_group_agents(School)), size(Population)) }
      group_startup { print(length(members(School))) }`,
      JEFFERSON,
    );
    const [head, ...sizes] = run.file("USER_OUTPUT/print_output.txt")!.trimEnd().split("\n");
    const [schools, people] = head!.split(" ").map(Number);
    expect([schools, people]).toEqual([sizes.length, 45_200]);
    const pupils = sizes.map(Number).reduce((sum, size) => sum + size);
    expect(run.daily("HEAD.Shut").slice(0, 7)).toEqual([0, 0, schools!, schools!, schools!, 0, 0]);
    // Pupils were due in the same hour before the heads, and so see a day later that their school is shut.
    expect(run.daily("HEAD.Home").slice(0, 7)).toEqual([0, 0, 0, pupils, pupils, 0, 0]);
  });

  test("closed schools pass nothing on", () => {
    const closed = `place School { has_group_agent = 1 }\nplace Classroom { has_group_agent = 1 }
      condition HEAD { group_start_state = Shut\n state Shut { close()\n wait() } }`;
    const run = runText(
      `${FLU}${closed}\nstate FLU.Caught { if (was_exposed_in(FLU, School) | was_exposed_in(FLU, Classroom)) then print(id()) }`,
      JEFFERSON,
    );
    expect(run.daily("FLU.totCaught").at(-1)).toBeGreaterThan(10);
    expect(run.file("USER_OUTPUT/print_output.txt")).toBe("");
  });
});

describe("networks", () => {
  test("have edges with weights, one way or both, and are written as digraphs", () => {
    const run = runText(
      `
      network Friends { is_undirected = 1
        output_interval = 5 }
      network Bosses { }
      startup {
        add_edge(Friends, 1, 2)
        add_edge(Friends, 2, 3)
        set_weight(Friends, 1, 2, 0.5)
        delete_edge(Friends, 3, 2)
        add_edge(Bosses, 1, 2)
        print(outlinks(Friends, 2), inlinks(Friends, 2), get_weight(Friends, 2, 1), get_weight(Friends, 2, 3))
        print(outlinks(Bosses, 1), length(outlinks(Bosses, 2)), inlinks(Bosses, 2))
      }`.concat("condition C { }"),
    );
    expect(run.file("USER_OUTPUT/print_output.txt")).toBe("1 1 0.5 0\n2 0 1\n");
    expect(run.file("NETWORKS/Friends-5.gv")).toBe(
      "digraph Friends {\n  1 [id=1];\n  2 [id=2];\n  1 -> 2 [weight=0.5];\n  2 -> 1 [weight=0.5];\n}\n",
    );
    expect(run.file("NETWORKS/Bosses-5.gv")).toBeUndefined();
  });

  test("are drawn by chance between their members, with so many edges on average and none has too many", () => {
    const run = runText(`
      network Friends { is_undirected = 1 }
      agent_startup { if (id() < 40) then join(Friends) }
      condition C { meta_start_state = Draw
        start_state = Count
        state Draw { randomize_network(Friends, 4, 6)
          wait() }
        state Count { wait(24)
          next(Print) }
        state Print { print(length(outlinks(Friends, id())))
          wait() } }`);
    const degrees = run.file("USER_OUTPUT/print_output.txt")!.trimEnd().split("\n").map(Number);
    expect(degrees.reduce((sum, degree) => sum + degree)).toBe(160);
    expect(Math.max(...degrees)).toBeLessThanOrEqual(6);
    expect(degrees.slice(40).every((degree) => degree === 0)).toBe(true);
  });
});

test("words and writings of models elsewhere are understood", () => {
  const run = runText(`
    condition C {
      variables { agent numeric a b
        agent numeric c }
      start_state = S
      state S {
        a = 2   \\
          + 1   \\  # goes on
          + 1
        C.b = C.a * 2
        if (id() == 0) then print(a, b, until(Jan, 1, 10pm), until(Jan, 2, 12am), male, Household == place_id(Household), \\
          select(list(1, 5), _ > 2))
        wait()
      }
    }`);
  expect(run.file("USER_OUTPUT/print_output.txt")).toBe("4 8 22 24 1 1 5\n");
});

test("files of the model are read: columns, tables, lists by their key", () => {
  const files = { "data/t.csv": "key,value\n1,10\n2,20\n1,11\n", "bad.csv": "1,2\n1,x\n" };
  const read = (statement: string) =>
    runText(
      `variables { shared table t\n shared list_table lt }\nstartup {\n${statement}\n}\ncondition C { }`,
      {},
      { files },
    );
  const good = read(
    "read_table(t, data/t.csv, 0, 1)\nread_list_table(lt, data/t.csv, 0, 1)\nprint(t[1], lt[1], read(data/t.csv, 1))",
  );
  expect(good.file("USER_OUTPUT/print_output.txt")).toBe("11 10,11 10,20,11\n");
  expect(read("read_table(t, bad.csv, 0, 1)").file("logs.txt")).toContain(
    "ERROR: bad.csv, line 2: column 1 is no number",
  );
  expect(read("print(read(tt.csv, 0))").faults[0]!.message).toStartWith(
    "the model has no file tt.csv; the nearest known is ",
  );
  expect(read("print(read(../t.csv, 0))").faults[0]!.message).toContain("the model has no file ../t.csv");
});

test("a run that would not fit is refused before it is begun", () => {
  const many = Array.from({ length: 200 }, (_, k) => `agent numeric v${k}`).join("\n");
  const large = runText(`variables { ${many} }\nstartup { print(1) }`, {
    locations: ["Allegheny_County_PA", "Philadelphia_County_PA"],
  });
  expect(large.file("logs.txt")).toMatch(/ERROR: the run needs about 4\d\d\d MiB; a run has at most 2048/);
  const states = Array.from({ length: 2000 }, (_, k) => `state S${k} { }`).join("\n");
  expect(runText(`condition C { ${states} }`, { endDate: "2119-01-01" }).file("logs.txt")).toContain(
    "2001 states on 36160 days give more than 1 GiB of output",
  );
});
