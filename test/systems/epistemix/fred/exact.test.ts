import { describe, expect, test } from "bun:test";
import { runText } from "./runText";

const PEOPLE = 82;
const DAYS = 10;

/** A condition of everybody whose states are these. */
const condition = (states: string, properties = "start_state = A") => `condition C {\n${properties}\n${states}\n}\n`;

/** How many are in a state after each day, `n` times `value`. */
const days = (...parts: [n: number, value: number][]) =>
  parts.flatMap(([n, value]) => new Array<number>(n).fill(value));

describe("waits", () => {
  test.each([
    ["wait()", "wait()", days([DAYS, PEOPLE])],
    ["a wait of hours ends in that hour", "wait(47)", days([1, PEOPLE], [9, 0])],
    ["a wait of two days ends at the second midnight", "wait(48)", days([2, PEOPLE], [8, 0])],
    ["a wait is rounded to whole hours", "wait(23.6)", days([1, PEOPLE], [9, 0])],
    ["a wait below nought is none", "wait(0 - 5)", days([DAYS, 0])],
    ["until a date of this year", "wait(until(Jan,4))", days([3, PEOPLE], [7, 0])],
    ["until an hour of a date", "wait(until(Jan, 4, 23))", days([3, PEOPLE], [7, 0])],
    ["until a date that is now is until next year", "wait(until(Jan,1))", days([DAYS, PEOPLE])],
    ["until a date of a year", "wait(until(2020, Jan, 3, 0))", days([2, PEOPLE], [8, 0])],
    ["until a year that is over never comes", "wait(until(2019, Jan, 3))", days([DAYS, PEOPLE])],
    ["the first wait that applies counts", "if (1 == 2) then wait(24)\n wait(48)", days([2, PEOPLE], [8, 0])],
    ["else has the other wait", "if (1 == 2) then wait(24) else wait(72)", days([3, PEOPLE], [7, 0])],
  ])("%s", (_, wait, expected) => {
    expect(runText(condition(`state A {\n${wait}\nnext(B)\n}\nstate B { wait() }`)).daily("C.A")).toEqual(expected);
  });

  test("until goes over new year, and waits for a leap day", () => {
    const wait = (until: string) => condition(`state A { wait(${until})\nnext(B) }\nstate B { wait() }`);
    const left = (text: string, startDate: string, endDate: string) =>
      runText(text, { startDate, endDate })
        .daily("C.A")
        .filter((count) => count > 0).length;
    expect(left(wait("until(Jan,2)"), "2020-12-30", "2021-01-05")).toBe(3);
    expect(left(wait("until(Feb,29)"), "2020-03-01", "2024-03-01")).toBe(366 - 60 + 365 * 3 + 59);
  });
});

describe("transitions", () => {
  const into = (rules: string) => {
    const run = runText(condition(`state A { wait(0)\n${rules}\n}\nstate B { wait() }\nstate D { wait() }`));
    return [run.daily("C.A").at(-1)!, run.daily("C.B").at(-1)!, run.daily("C.D").at(-1)!];
  };

  test.each([
    ["the first certain rule is taken", "next(B)\n next(D)", [0, PEOPLE, 0]],
    ["a rule that does not apply is passed over", "if (age < 0) then next(B)\n next(D)", [0, 0, PEOPLE]],
    ["the default takes the rest", "if (age < 0) then next(B)\n default(D)", [0, 0, PEOPLE]],
    ["the default alone", "default(B)", [0, PEOPLE, 0]],
    ["the default comes last wherever it stands", "default(D)\n next(B)", [0, PEOPLE, 0]],
    ["no chance at all", "next(B) with prob(0)\n default(D)", [0, 0, PEOPLE]],
    ["chance that is certain", "next(B) with prob(1)\n default(D)", [0, PEOPLE, 0]],
    ["without a rule all stay", "if (1 > 2) then next(B)", [PEOPLE, 0, 0]],
    ["in the branches of an if", "if (1 > 2) then { next(B) } else { next(D) }", [0, 0, PEOPLE]],
  ])("%s", (_, rules, expected) => {
    expect(into(rules)).toEqual(expected);
  });

  test("probabilities share the agents out", () => {
    const [a, b, d] = into("next(B) with prob(0.25)\n next(D) with prob(0.75)");
    expect([a, b! + d!]).toEqual([0, PEOPLE]);
    expect(b).toBeGreaterThan(8);
    expect(b).toBeLessThan(36);
  });

  test("literal probabilities over 1 are a fault, calculated ones are scaled with a warning", () => {
    const states = (rules: string) => condition(`state A { wait(0)\n${rules}\n}\nstate B { }\nstate D { }`);
    expect(runText(states("next(B) with prob(0.7)\n next(D) with prob(0.4)")).faults[0]!.message).toBe(
      "the probabilities of this state add to 1.1, more than 1",
    );
    const run = runText(states("next(B) with prob(0.5 + 0.5)\n next(D) with prob(0.5 + 0.5)"));
    expect(run.daily("C.B").at(-1)! + run.daily("C.D").at(-1)!).toBe(PEOPLE);
    expect(run.file("logs.txt")).toContain("WARNING: probabilities of a state added to more than 1");
  });

  test("entries are counted by the day and so far, those without a time too", () => {
    const run = runText(condition("state A { wait(24)\n next(B) }\nstate B { wait(0)\n next(A) }"));
    expect(run.daily("C.newB")).toEqual(days([1, 0], [9, PEOPLE]));
    expect(run.daily("C.newA")).toEqual(days([DAYS, PEOPLE]));
    expect(run.daily("C.totA").at(-1)).toBe(PEOPLE * DAYS);
    expect(run.daily("C.B")).toEqual(days([DAYS, 0]));
  });

  test("another condition sets a state, from a certain one alone where it says so", () => {
    const other = (set: string) =>
      `condition D { start_state = S\n state S { wait(48)\n next(T) }\n state T { ${set}\n wait() } }`;
    const first = condition("state A { wait() }\nstate B { wait(24)\n next(A) }");
    expect(runText(first + other("set_state(C,B)")).daily("C.B")).toEqual(days([2, 0], [1, PEOPLE], [7, 0]));
    expect(runText(first + other("set_state(C,B,A)")).daily("C.B")).toEqual(days([DAYS, 0]));
  });

  test("states that last no time and go round for ever end the run with their place", () => {
    const run = runText(condition("state A { wait(0)\n next(B) }\nstate B { wait(0)\n next(A) }"));
    expect(run.status).toBe("error");
    expect(run.file("logs.txt")).toMatch(
      /ERROR: states that last no time followed one another 100000 times \(max_loops\), in C\.[AB], agent 0, day 0/,
    );
  });
});

/** What an expression is worth on the first day, to a person aged 41 or so, as it is printed. */
function worth(expression: string, declarations = ""): string {
  const run = runText(`variables { ${declarations} }\nstartup { print(${expression}) }`);
  return run.file("USER_OUTPUT/print_output.txt")?.trim() ?? run.file("logs.txt")!;
}

describe("expressions", () => {
  test.each([
    ["1 + 2 * 3", "7"],
    ["-2 ^ 2", "-4"],
    ["7 % 4 - 1", "2"],
    ["2 ^ 3 ^ 2", "512"],
    ["1 / 3", "0.333333"],
    ["1e-9", "0"],
    ["(1 < 2) & (2 >= 2) | 0", "1"],
    ["1 == 1 and not 0", "1"],
    ["add(1,2) + sub(5,3) + mult(2,4) + div(9,3) + mod(9,4)", "17"],
    ["eq(1,1) + neq(1,1) + lt(1,2) + lte(2,2) + gt(1,2) + gte(2,2)", "4"],
    ["min(3,1,2) + max(list(3,1,2))", "4"],
    ["round(2.5) + round(-2.5) + floor(-1.5) + ceil(1.2) + abs(-3)", "3"],
    ["pow(2,10) + sqrt(16) + exp(0) + log(1)", "1029"],
    ["is_in_range(5,1,5)", "1"],
    ["year() * 100 + month()", "202001"],
    ["date()", "20200101"],
    ["day_of_year + day_of_week + hour + sim_day + now", "4"],
    ["month() == Jan", "1"],
    ["is_date_in_range(Dec-20,Jan-02) + is_date_in_range(Jan-02,Dec-31)", "1"],
    ["until(Jan,3)", "48"],
    ["list(1,2) + 1", "2,3"],
    ["list(1,2) * list(3,4)", "3,8"],
    ["length(list())", "0"],
    ["sort(list(3,1,2))", "1,2,3"],
    ["arg_sort(list(3,1,2))", "1,2,0"],
    ["partial_sums(list(1,2,3))", "1,3,6"],
    ["unique(list(1,2,1))", "1,2"],
    ["range_list(3)", "0,1,2"],
    ["range_list(2,8,3)", "2,5"],
    ["select(list(5,6,7),1) + last(list(5,6,7)) + first(list(5))", "18"],
    ["select(list(5,6,7), list(2,0))", "7,5"],
    ["index_values(list(1,5,1), =, 1)", "0,2"],
    ["filter_values(list(1,5,3), >=, 3)", "5,3"],
    ["filter_values(list(1,5,3), _ > 1)", "5,3"],
    ["apply(list(1,2,3), _ * _)", "1,4,9"],
    ["sum(apply(list(1,2), sum(apply(list(10,20), _)) + _))", "63"],
    ["intersection(list(1,2,3), list(3,1))", "1,3"],
    ["set_difference(list(1,2,3), list(3,1))", "2"],
    ["union(list(1,2), list(2,3))", "1,2,3"],
    ["is_in_list(list(1,2), 2)", "1"],
    ["length(sample_without_replacement(range_list(10), 4))", "4"],
    ["sort(shuffle(range_list(4)))", "0,1,2,3"],
    ["size(Population) + length(get_population())", "164"],
    ["bernoulli(1) + bernoulli(0) + binomial(7,1) + poisson(0)", "8"],
    ["uniform(3,3) + normal(2,0) + lognormal(4,1)", "9"],
    ["round(distance(40.44,-79.99,39.95,-75.16))", "414"],
  ])("%s is %s", (expression, expected) => {
    expect(worth(expression)).toBe(expected);
  });

  test.each([
    ["1 / 0", "division by zero"],
    ["select(list(1), 3)", "index 3 is outside of a list of 1"],
    ["last(list())", "last of an empty list"],
    ["list(1,2) + list(1)", "lists of 2 and 1 numbers cannot be combined"],
    ["log(0)", "log of 0 is no number"],
    ["bernoulli(2)", "bernoulli asks for a probability, not 2"],
    ["ask(1e9, id())", "there is no agent 1000000000"],
    ["length(range_list(1e12))", "a list of 1000000000000 members; lists have 0 to 5000000"],
  ])("%s ends the run: %s", (expression, told) => {
    expect(worth(expression)).toContain(`ERROR: ${told}, in startup, the meta agent, day 0`);
  });

  test("variables are kept: shared, of agents, lists, tables", () => {
    const run = runText(`
      variables {
        shared numeric n
        shared list seen
        shared table t
        shared list_table lt
        agent numeric mine
        agent list many
        shared numeric k
        shared string word
        n = 5
        mine = 3
      }
      startup {
        word = "so"
        t[2] = n * 2
        lt[1] = list(1,2)
        push(seen, 7)
        seen[0] = seen[0] + 1
        for (k, range_list(3)) do { push(seen, k) }
        while (n > 1) do { n = n - 1 }
        if (n == 1) then { n = 10 } else { n = 20 }
        print(word, n, seen, t[2], lt[1], length(lt[1]), lookup(t, 9, -1), get_keys(t))
      }
      agent_startup {
        many = list(id(), mine)
        push(many, mine + 1)
        if (id() == 4) then { print(many)
          tell(5, mine, 8) }
        if (id() == 5) then print(mine, ask(4, mine), ask(list(4,5), mine))
      }`);
    expect(run.file("USER_OUTPUT/print_output.txt")).toBe("so 10 8,0,1,2 10 1,2 2 -1 2\n4,3,4\n8 3 3,8\n");
  });
});
