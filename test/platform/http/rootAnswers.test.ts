import { describe, expect, test } from "bun:test";
import { mainAnswers, ownAnswers } from "../../../src/platform/http/rootAnswers";
import { VERSION } from "../../../src/platform/version";
import { inventedSystem } from "../../support/inventedSystem";

const tides = inventedSystem("tides", {
  about: (port) => ({ service: "Tides", version: "2.0", port }),
  health: () => ({ ready: true, status: "degraded", notes: ["The gauge is wet."], service: "Tides", source: "gauge" }),
});
const winds = inventedSystem("winds", {
  flat: ["service", "knots"],
  about: () => ({ service: "Winds", knots: 7 }),
  health: () => ({ ready: true, status: "healthy", source: "vane", knots: 7 }),
});

describe("the main port", () => {
  const main = mainAnswers([tides, winds]);

  test("tells each system's part under its name, and at the top only what has one owner", () => {
    expect(main.about(80)).toEqual({
      name: "Foresight",
      version: VERSION,
      links: expect.anything(),
      service: "Winds",
      knots: 7,
      systems: { tides: tides.about(80), winds: winds.about(80) },
    });
  });

  test("mixes no two systems' health, which is degraded when one part is", () => {
    expect(main.health()).toEqual({
      status: "degraded",
      version: VERSION,
      knots: 7,
      systems: { tides: tides.health(), winds: winds.health() },
    });
  });
});

describe("a system's own port", () => {
  const own = ownAnswers(tides);

  test("answers as its original does, members of the house's names included", () => {
    expect(own.about(81)).toEqual({
      name: "Foresight",
      version: "2.0",
      links: expect.anything(),
      service: "Tides",
      port: 81,
    });
  });

  test("tells its health at the top", () => {
    const { ready: _ready, ...details } = tides.health();
    expect<unknown>(own.health()).toEqual({ version: VERSION, ...details, systems: { tides: tides.health() } });
  });
});
