import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { checkModel, faultText } from "../../../../src/systems/epistemix/fred";
import { runText } from "./runText";

const check = (text: string) => checkModel({ files: { "m.fred": text }, main: "m.fred" });
const first = (text: string) => {
  const [fault] = check(text);
  return fault && `${fault.line}:${fault.column} ${fault.message}`;
};
const inState = (statement: string) => `variables { shared numeric count\n shared list seen }
condition INF { start_state = S
state S { ${statement} } }`;

describe("a fault is told before the first hour, with its place and the nearest known", () => {
  test.each([
    [inState("cuont = 1"), "4:11 there is no variable cuont; the nearest known is count"],
    [inState("count = cuont"), "4:19 cuont is not known; the nearest known is count"],
    [inState("count = unifrom(1,2)"), "4:19 there is no function unifrom; the nearest known is uniform"],
    [inState("count = uniform(1)"), "4:19 uniform takes 2 in its brackets, not 1"],
    [inState("set_sate(INF,S)"), "4:11 there is no action set_sate; the nearest known is set_state"],
    [inState("set_state(FIN,S)"), "4:21 there is no condition FIN; the nearest known is INF"],
    [inState("set_state(INF,Q)"), "4:25 INF has no state Q; the nearest known is S"],
    [inState("next(Q)"), "4:11 INF has no state Q; the nearest known is S"],
    [inState("skip(Scool)"), "4:16 there is no place Scool; the nearest known is School"],
    [inState("count = seen"), "4:19 a number is needed here, and this is a list"],
    [inState("seen = 1"), "4:18 a list is needed here, and this is a number"],
    [inState("INF.sus = 1"), "4:11 INF does not spread: it has no exposed_state"],
    [inState("while (1) do wait(1)"), "4:24 wait stands in states alone, not within loops or startup"],
    [
      inState("open_csv(../x.csv)"),
      "4:20 ../x.csv cannot be the name of an output file: letters, digits, _ . - and no folder",
    ],
    [inState("count = lattitude(Household)"), "4:19 there is no function lattitude; the nearest known is latitude"],
    [inState("count = elevation(Household)"), "4:29 no figure inside says how high places lie; a file of places can"],
    [
      "condition C { strat_state = S }",
      "1:15 condition C has no property strat_state; the nearest known is start_state",
    ],
    ["condition C { start_state = T\n state S { } }", "1:29 C has no state T; the nearest known is S"],
    ["condition C { exposed_state = S\n state S { } }", "1:15 exposed_state asks for a transmissibility above 0 in C"],
    ["condition C { transmissibility = x }", "1:34 transmissibility must be a number as it is written, not x"],
    [
      "condition C { transmission_mode = netwrok }",
      "1:35 there is no transmission_mode netwrok; the nearest known is network",
    ],
    [
      "condition C { transmission_mode = network\n transmissibility = 1\n exposed_state = S\n state S { } }",
      "1:11 C spreads by a network, so that it must have a transmission_network_name",
    ],
    [
      "network Web { }\ncondition C { transmission_network_name = Wep }",
      "2:43 there is no network Wep; the nearest known is Web",
    ],
    [inState("add_edge(N, 1, 2)"), "4:20 there is no network N"],
    [inState("count = INF.susp"), "4:19 of a condition .sus and .trans can be read, not .susp"],
    [
      "place Scool { }",
      "1:7 there is no place Scool in the population; the nearest known is School; others come with read_place_file(FILE, Scool)",
    ],
    ["variables { agent numeric profile }", "1:27 profile is not in the population; give profile a value first"],
    ["simulation { default_model = flu }", "1:30 there is no default_model flu here; the only one is none"],
    [
      "startup { import_count(3) }",
      "1:11 import_count stands in a state of a condition that spreads; elsewhere write import_exposures(C, n)",
    ],
    ["startup { read_agent_file(x.csv) }", "1:27 the model has no file x.csv; the nearest known is m.fred"],
    ["startup { read_place_file(m.fred, School) }", "1:35 School is no kind of place of the program's own"],
    ["variables { shared numeric x\n agent list x }", "2:13 x was declared before, as shared numeric"],
    ["simulation { start_date = 2020-Feb-30 }", "1:27 2020-Feb-30 is no date; write 2020-Jan-01 or 2020-01-01"],
    ["startup { x[1] = 2 }", "1:11 there is no variable x"],
  ])("%s", (text, told) => {
    expect(first(text)).toBe(told);
  });

  test("of a run too, which then has a log and nothing else", () => {
    const run = runText(inState("cuont = 1"));
    expect(run.files.map(({ path }) => path)).toEqual(["logs.txt", "return_code.txt"]);
    expect(run.file("logs.txt")).toContain(
      "ERROR: main.fred:4:11: there is no variable cuont; the nearest known is count",
    );
    expect(run.faults).toHaveLength(1);
  });

  test("as people read it", () => {
    expect(faultText(check("startup {\n\tx = 1\n}")[0]!)).toBe(
      "m.fred:2:2: there is no variable x\n   x = 1\n  ^\n".replace("\n  ^", "\n   ^"),
    );
  });
});

describe("programs of any shape", () => {
  const name = fc.constantFrom("C", "D", "S", "T", "x", "y", "l", "id", "age", "Household", "uniform", "Jan", "_");
  const number = fc.constantFrom("0", "1", "2.5", "1e9", "24");
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: "small" },
      name,
      number,
      fc
        .tuple(tie("expression"), fc.constantFrom("+", "-", "*", "/", "%", "^", "==", "<", "&", "|"), tie("expression"))
        .map((all) => `(${all.join(" ")})`),
      fc
        .tuple(
          fc.constantFrom("length", "uniform", "list", "apply", "select", "max", "poisson", "ask", "until", "sum"),
          fc.array(tie("expression"), { maxLength: 3 }),
        )
        .map(([f, args]) => `${f}(${args.join(", ")})`),
    ),
  }));
  const { statement } = fc.letrec<{ statement: string }>((tie) => ({
    statement: fc.oneof(
      { depthSize: "small" },
      expression.map((e) => `x = ${e}`),
      expression.map((e) => `l = ${e}`),
      expression.map((e) => `wait(${e})`),
      fc.tuple(fc.constantFrom("S", "T", ""), expression).map(([s, e]) => `next(${s}) with prob(${e})`),
      fc.constantFrom(
        "next(T)",
        "default(S)",
        "wait()",
        "set_state(D,S)",
        "import_exposures(C,3)",
        "skip()",
        "die()",
        "C.sus = 1",
        "C.trans = 1",
        "push(l, x)",
        "print(x)",
        "quit()",
      ),
      fc.tuple(expression, tie("statement")).map(([e, s]) => `if (${e}) then ${s}`),
      fc.tuple(expression, tie("statement")).map(([e, s]) => `while (${e}) do { ${s} }`),
      fc.tuple(expression, tie("statement")).map(([e, s]) => `for (x, ${e}) do { ${s} }`),
    ),
  }));
  const body = fc.array(statement, { maxLength: 4 }).map((all) => all.join("\n"));

  test("neither crash nor run for ever", () => {
    let ran = 0;
    fc.assert(
      fc.property(body, body, body, (a, b, c) => {
        const run = runText(
          `simulation { max_loops = 50 }
          variables { shared numeric x\n agent numeric y\n shared list l }
          condition C { start_state = S\n meta_start_state = T\n transmission_mode = proximity\n transmissibility = 1\n exposed_state = T
          state S {\n${a}\n}\nstate T {\n${b}\n} }
          condition D { start_state = T\n state S {\n${c}\n}\nstate T { wait(24)\n next(S) } }`,
          { endDate: "2020-01-03" },
        );
        if (run.status === "done") {
          ran++;
          const all = run
            .daily("C.S")
            .map((count, day) => count + run.daily("C.T")[day]! + run.daily("C.Excluded")[day]!);
          expect(all.map(String)).toEqual(run.column("DAILY/Popsize.txt"));
        } else expect(run.file("logs.txt")).toContain("ERROR: ");
      }),
      { numRuns: 400 },
    );
    expect(ran).toBeGreaterThan(0);
  });
});
