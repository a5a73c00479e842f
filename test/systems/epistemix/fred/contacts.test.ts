import { describe, expect, test } from "bun:test";
import { COLD, closed } from "./cold";
import { runText } from "./runText";

const printed = (run: ReturnType<typeof runText>) => run.file("USER_OUTPUT/print_output.txt")!.trimEnd().split("\n");

describe("a condition that goes along a network", () => {
  const CHAIN = `
    network Line { is_undirected = 1
      contact_rate = 2 }
    agent_startup { if (id() < 40) then add_edge(Line, id(), id() + 1) }`;

  test("reaches those who are linked and nobody else", () => {
    const run = runText(
      `${CHAIN}${COLD("network\n transmission_network_name = Line")}
      condition SEEN { start_state = Look
        state Look { wait(24 * 9 + 20)
          next(Told) }
        state Told { if (was_exposed_in(COLD, Line)) then print(id(), source(COLD))
          wait() } }`,
    );
    expect(run.status).toBe("done");
    const pairs = printed(run).map((line) => line.split(" ").map(Number) as [number, number]);
    expect(pairs.length).toBeGreaterThan(5);
    for (const [id, by] of pairs) {
      expect(id).toBeLessThanOrEqual(40);
      expect(Math.abs(id - by)).toBe(1);
    }
  });

  test("goes no way where there are no links, and one way along those that have a direction", () => {
    expect(
      runText(`network Line { contact_rate = 5 }${COLD("network\n transmission_network_name = Line")}`)
        .daily("COLD.totCaught")
        .at(-1),
    ).toBe(5);
    const star = `network Star { is_directed = 1
      contact_rate = 5 }
      agent_startup { if (id() > 0) then add_edge(Star, id(), 0) }`;
    const run = runText(star + COLD("network\n transmission_network_name = Star"));
    expect(run.daily("COLD.totCaught").at(-1)).toBeLessThanOrEqual(6);
  });
});

test("a condition of the environment comes from outside alone", () => {
  const run = runText(COLD("environmental"));
  expect(run.daily("COLD.totCaught")).toEqual(new Array(10).fill(5));
  expect(
    runText(COLD("none").replace("transmissibility = 1.0", "transmissibility = 1")).daily("COLD.totCaught").at(-1),
  ).toBe(5);
});

describe("contacts", () => {
  const JEFFERSON = { locations: ["Elk_County_PA"], endDate: "2020-01-20" };
  /** Only homes meet. */
  const alone = (home: string) =>
    `${closed(["School", "Classroom", "Workplace", "Block_Group", "County"])}\nplace Household { ${home} }`;
  const caught = (home: string) => {
    const run = runText(alone(home) + COLD("proximity").replaceAll("COLD, 5", "COLD, 2000"), JEFFERSON);
    return run.daily("COLD.totCaught").at(-1)! - 2000;
  };

  test("with each other member are as many as the members, and none below nought", () => {
    const byRate = caught("contact_rate = 0.002");
    const byProb = caught("contact_prob = 0.002");
    // Those who are caught live with 2.4 others on average, so that they meet more than once as many.
    expect(byProb / byRate).toBeGreaterThan(1.5);
    expect(byProb / byRate).toBeLessThan(3.2);
    expect(caught("contact_rate = 0")).toBe(0);
    expect(caught("contact_prob_for_COLD = 0.002\n contact_prob = 0")).toBe(byProb);
    expect(caught("contact_rate = 0.002\n contact_rate_for_COLD = -1")).toBe(byRate);
  });

  test("between ages that differ pass less on where the place is biased", () => {
    const plain = caught("contact_rate = 0.002");
    const biased = caught("contact_rate = 0.002\n same_age_bias = 0.2");
    expect(biased).toBeLessThan(plain * 0.8);
    expect(biased).toBeGreaterThan(0);
    expect(caught("contact_rate = 0.002\n same_age_bias = 50")).toBeLessThan(plain * 0.05);
  });
});
