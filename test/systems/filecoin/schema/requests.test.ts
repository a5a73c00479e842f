import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { type FaultDetail, fastApiErrors } from "../../../../src/platform/http/fastapi/errors";
import { InvalidInput, MalformedJson, valid } from "../../../../src/platform/http/input";
import { scenarioFile, simulateRequest } from "../../../../src/systems/filecoin/schema/requests";
import { exchanges } from "../model/goldenCase";

/** What a client is told of a body. */
function detailOf(body: unknown): FaultDetail[] {
  try {
    valid(simulateRequest, body, "body");
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const { status, body: answer } = fastApiErrors.invalid(error);
    expect(status).toBe(422);
    return (answer as { detail: FaultDetail[] }).detail;
  }
  throw new Error("the body was taken");
}

function read(body: unknown): unknown {
  return valid(simulateRequest, body, "body");
}

describe("a request is read leniently", () => {
  test("texts that are numbers, and true and false, count as numbers", () => {
    expect(
      read({ rbp: "3.5", rr: true, fpr: " 1e-1 ", forecast_length_days: "30", sector_duration_days: 540.0 }),
    ).toEqual({
      rbp: 3.5,
      rr: 1,
      fpr: 0.1,
      forecast_length_days: 30,
      sector_duration_days: 540,
    });
    expect(read({ forecast_length_days: "30.0" })).toEqual({ forecast_length_days: 30 });
    expect(read({ rr: ["0.5", false, 1], forecast_length_days: 3 })).toMatchObject({ rr: [0.5, 0, 1] });
  });

  test("null counts as absent, unknown members are ignored", () => {
    const body = '{"rbp":null,"output":null,"forecast_length_days":null,"whatever":[1],"__proto__":{"rr":2}}';
    expect(read(JSON.parse(body))).toEqual({});
  });

  test("one name or a list of names, each once, in their order", () => {
    expect(read({ output: "days" })).toEqual({ output: ["days"] });
    expect(read({ output: ["network_time", "days", "network_time"] })).toEqual({ output: ["network_time", "days"] });
    expect(read({ output: [] })).toEqual({ output: [] });
  });

  test("a list of one entry stands for all days, a list of all days is taken", () => {
    expect(read({ rbp: [4] })).toEqual({ rbp: [4] });
    expect(read({ lock_target: [0.3, 0.2, 0.1], forecast_length_days: 3 })).toMatchObject({
      lock_target: [0.3, 0.2, 0.1],
    });
  });

  test("engine options are taken beside the contract's members", () => {
    const options = { gamma: 0.7, gamma_weight_type: 1, use_available_supply: true, known_trim: "server" };
    expect(read(options)).toEqual(options);
    expect(valid(scenarioFile, { baseline_eib: [1, "2"] }, "body")).toEqual({ baseline_eib: [1, 2] });
  });
});

describe("a request is refused by field", () => {
  const cases: [what: string, body: unknown, faults: Partial<FaultDetail>[]][] = [
    [
      "an object",
      { rr: {} },
      [
        { type: "float_type", loc: ["body", "rr", "float"] },
        { type: "list_type", loc: ["body", "rr", "list[float]"] },
      ],
    ],
    [
      "no days",
      { forecast_length_days: 0 },
      [
        {
          type: "greater_than_equal",
          loc: ["body", "forecast_length_days"],
          msg: "Input should be greater than or equal to 1",
          input: 0,
          ctx: { ge: 1 },
        },
      ],
    ],
    ["more than ten years", { forecast_length_days: 3651 }, [{ type: "less_than_equal", ctx: { le: 3650 } }]],
    ["sectors that live no day", { sector_duration_days: 0 }, [{ type: "greater_than_equal" }]],
    [
      "sectors that live a century and a day",
      { sector_duration_days: 36_501 },
      [{ type: "less_than_equal", ctx: { le: 36_500 } }],
    ],
    [
      "an infinite number",
      { rbp: Number.POSITIVE_INFINITY },
      [{ type: "finite_number", loc: ["body", "rbp", "float"] }, { type: "list_type" }],
    ],
    ["a text that names infinity", { rbp: "inf" }, [{ type: "finite_number" }, { type: "list_type" }]],
    ["an empty text", { lock_target: "" }, [{ type: "float_parsing" }, { type: "list_type" }]],
    ["a hexadecimal text", { forecast_length_days: "0x10" }, [{ type: "int_parsing" }]],
    [
      "an empty list",
      { fpr: [] },
      [
        {
          type: "value_error",
          loc: ["body", "fpr"],
          msg: "Value error, expected a number or a list of 3650 numbers, one for each of forecast_length_days, got 0",
        },
      ],
    ],
    [
      "a list of another length",
      { rbp: [1, 2, 3], forecast_length_days: 30 },
      [{ type: "value_error", loc: ["body", "rbp"], input: [1, 2, 3] }],
    ],
    [
      "a list inside a list",
      { rbp: [[1]], forecast_length_days: 1 },
      [{ type: "float_type" }, { type: "float_type", loc: ["body", "rbp", "list[float]", 0] }],
    ],
    ["a weighting that there is not", { gamma_weight_type: 3 }, [{ type: "less_than_equal" }, { type: "list_type" }]],
    [
      "a trim that there is not",
      { known_trim: "both" },
      [{ type: "literal_error", msg: "Input should be 'none' or 'server'" }],
    ],
    ["a text for a switch", { use_available_supply: "perhaps" }, [{ type: "bool_parsing" }]],
    [
      "two members at once",
      { rr: "x", forecast_length_days: 1.5 },
      [{ type: "float_parsing" }, { type: "list_type" }, { type: "int_from_float" }],
    ],
    [
      "a wrong length beside a wrong number of days",
      { rr: [1, 2], forecast_length_days: "x" },
      [{ type: "int_parsing" }],
    ],
  ];
  for (const [what, body, faults] of cases) {
    test(what, () => {
      const detail = detailOf(body);
      expect(detail).toHaveLength(faults.length);
      expect(detail).toMatchObject(faults);
    });
  }

  test("text that is not JSON", () => {
    const { status, body } = fastApiErrors.invalid(new MalformedJson("Expecting value", 5));
    expect(status).toBe(422);
    expect(body).toEqual({
      detail: [
        {
          type: "json_invalid",
          loc: ["body", 5],
          msg: "JSON decode error",
          input: {},
          ctx: { error: "Expecting value" },
        },
      ],
    });
  });

  test("however large it is, the answer stays small", () => {
    const large: unknown[] = [
      { rbp: "9".repeat(100_000) },
      { rbp: new Array(100_000).fill("x") },
      { rr: new Array(3650).fill("x") },
      { output: "n".repeat(100_000) },
      { output: new Array(99).fill("n".repeat(1000)) },
      { output: new Array(5000).fill("days") },
      { lock_target: { a: "x".repeat(100_000) } },
      new Array(10_000).fill(0),
      Object.fromEntries(["rbp", "rr", "fpr", "gamma"].map((name) => [name, new Array(3650).fill("x".repeat(500))])),
    ];
    for (const body of large) expect(JSON.stringify(detailOf(body)).length).toBeLessThan(10_000);
    const deep = JSON.parse(
      `{"rbp":${"[".repeat(50_000)}${"]".repeat(50_000)},"output":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`,
    );
    expect(detailOf(deep).map(({ type }) => type)).toContain("string_type");
  });
});

test("the API document tells types, limits and names", () => {
  const document = z.toJSONSchema(simulateRequest, { io: "input", unrepresentable: "any" });
  const properties = document.properties as Record<string, Record<string, unknown>>;
  expect(properties["forecast_length_days"]).toMatchObject({
    type: "integer",
    minimum: 1,
    maximum: 3650,
  });
  expect(properties["rbp"]!["anyOf"]).toMatchObject([{ type: "number" }, { type: "array", items: { type: "number" } }]);
  expect(JSON.stringify(properties["output"])).toContain('"1y_sector_roi"');
  expect(document.required ?? []).toEqual([]);
});

interface Refusal {
  detail: (FaultDetail & { url?: string })[];
}

describe("the original's refusals are worded alike", () => {
  const refusals = exchanges<Refusal>().filter(({ name, status }) => status === 422 && name !== "err_badjson");
  test("there are nine of them", () => expect(refusals).toHaveLength(9));
  for (const { name, request, body } of refusals) {
    test(name, () => {
      const sent = request.raw_body === null ? request.body : JSON.parse(request.raw_body);
      const expected = body.detail.map(({ url: _, ctx: __, ...entry }) => entry);
      expect(detailOf(sent ?? undefined).map(({ ctx: _, ...entry }) => entry)).toEqual(expected);
    });
  }
});
