import { describe, expect, test } from "bun:test";
import { Elysia } from "elysia";
import type { System } from "../../src/platform/system";
import { refuseSharedRoutes, unionOf } from "../../src/platform/union";
import { inventedSystem } from "../support/inventedSystem";

const check = (name: string) => ({
  name,
  run: () => ({ outcome: "works", found: "", advice: null, figures: {} }) as const,
});
const key = { type: "apiKey", in: "header", name: "X-Key", description: "A key." } as const;

describe("what systems bring", () => {
  test("stands side by side", () => {
    const tides = inventedSystem("tides", {
      page: "tides",
      files: [{ name: "tides.json", meaning: "the last tides" }],
      checks: [check("gauge")],
      securitySchemes: { tidesKey: key },
    });
    const winds = inventedSystem("winds", { originalPages: ["gusts"], checks: [check("vane")] });
    const { systems, files, checks, securitySchemes, pages } = unionOf([tides, winds]);
    expect(systems).toEqual([tides, winds]);
    expect(files.map(({ name }) => name)).toEqual(["tides.json"]);
    expect(checks.map(({ name }) => name)).toEqual(["gauge", "vane"]);
    expect(securitySchemes).toEqual({ tidesKey: key });
    expect(pages).toEqual(["tides", "gusts"]);
  });

  test.each<[what: string, bring: Partial<System>]>([
    ["page sea", { page: "sea" }],
    ["page sea", { originalPages: ["sea"] }],
    ["member service", { flat: ["service"] }],
    ["file kept.json", { files: [{ name: "kept.json", meaning: "" }] }],
    ["check gauge", { checks: [check("gauge")] }],
    ["security scheme seaKey", { securitySchemes: { seaKey: key } }],
  ])("that two of them claim is refused, naming both: %s", (what, bring) => {
    const both = [inventedSystem("tides", bring), inventedSystem("winds", bring)];
    expect(() => unionOf(both)).toThrow(`The ${what} has two owners: tides and winds.`);
  });

  test.each<[what: string, bring: Partial<System>]>([
    ["page system", { page: "system" }],
    ["member status", { flat: ["status"] }],
    ["file secrets.env", { files: [{ name: "secrets.env", meaning: "" }] }],
    ["check disk", { checks: [check("disk")] }],
  ])("that is the house's is refused: %s", (what, bring) => {
    expect(() => unionOf([inventedSystem("tides", bring)])).toThrow(`The ${what} has two owners: the house and tides.`);
  });

  test("as routes is refused where two of them, or one and the house, would answer the same request", () => {
    const reads = () => new Elysia().get("/sea/:name", () => "").get("/sea/:name/depth", () => "");
    const tides = inventedSystem("tides", { routes: reads().post("/sea/:id", () => "") });
    const winds = inventedSystem("winds", { routes: new Elysia().get("/sea/:sea", () => "") });
    expect(() => refuseSharedRoutes([tides], [])).not.toThrow();
    expect(() => refuseSharedRoutes([tides, winds], [])).toThrow(
      "The route GET /sea/: has two owners: tides and winds.",
    );
    expect(() => refuseSharedRoutes([tides], [reads()])).toThrow("has two owners: the house and tides.");
  });

  test("under one name twice is refused", () => {
    expect(() => unionOf([inventedSystem("tides"), inventedSystem("tides")])).toThrow(
      "The system tides has two owners",
    );
  });
});
