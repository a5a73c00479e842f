import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { type FaultDetail, fastApiErrors } from "../../../../src/platform/http/fastapi/errors";
import { dictionary, optional, required } from "../../../../src/platform/http/fastapi/members";
import {
  either,
  flag,
  integer,
  list,
  nullable,
  number,
  object,
  oneOf,
  type Reader,
  text,
} from "../../../../src/platform/http/fastapi/readers";
import { uuid } from "../../../../src/platform/http/fastapi/uuid";
import {
  type InputPart,
  InvalidInput,
  MalformedJson,
  readForm,
  readJson,
  valid,
} from "../../../../src/platform/http/input";
import { fastApiGolden, faultsOf, type GoldenInput } from "../../../support/fastApiGolden";

const LIMIT_BYTES = 10_000;
const free = text({ longest: 1000 });

/** The readers of the golden's kinds of values. */
const KINDS: Record<string, Reader<unknown>> = {
  number: number(),
  integer: integer(),
  flag: flag(),
  text: free,
  numberOrList: either(["float", number()], ["list[float]", list(number(), { most: 100 })]),
  textOrList: either(["str", free], ["list[str]", list(free, { most: 100 })]),
  numberWithin: number({ least: 0.5, most: 9.5 }),
  numberBetween: number({ above: 0, below: 10 }),
  integerWithin: integer({ least: 1, most: 9 }),
  textWithin: text({ shortest: 2, longest: 5, pattern: /^[a-z]*$/ }),
  listWithin: list(number(), { least: 1, most: 3 }),
  object: object(),
  nullable: nullable(number()),
  word: oneOf(["a", "b", "c"]),
  enumeration: oneOf(["PENDING", "RUNNING"], "enum"),
  uuid: uuid(),
};

interface Said {
  value?: unknown;
  details?: FaultDetail[];
}

/** What stands in place of values that are not flat. */
const SUMMARY = /^(a list, length \d+|an object)$/;

/** What is said to a request: the value, or the details of the refusal. */
async function said(schema: z.ZodType, part: InputPart, read: () => unknown): Promise<Said> {
  try {
    return { value: valid(schema, await read(), part) };
  } catch (error) {
    if (!(error instanceof InvalidInput || error instanceof MalformedJson)) throw error;
    const { status, body } = fastApiErrors.invalid(error);
    expect(status).toBe(422);
    return { details: (body as { detail: FaultDetail[] }).detail };
  }
}

const posted = (body: string, type = "application/json") =>
  new Request("http://localhost/", { method: "POST", body, headers: { "content-type": type } });
const jsonOf = (body: string) => () => readJson(posted(body), LIMIT_BYTES);

function expectAs(golden: GoldenInput, ours: Said): void {
  if (golden.failed !== undefined) {
    // The original could not answer; what is no number is refused instead.
    expect(ours.details?.[0]?.type).toMatch(/^(finite_number|bool_type|string_type)$/);
  } else if (golden.faults === undefined) {
    expect(ours.value).toEqual(golden.value);
  } else {
    expect(faultsOf(ours.details ?? [])).toEqual(faultsOf(golden.faults));
    for (const [i, { input, ctx }] of ours.details!.entries()) {
      expect(ctx).toEqual(golden.faults[i]!.ctx);
      if (!SUMMARY.test(String(input))) expect(input).toEqual(golden.faults[i]!.input);
    }
  }
}

for (const [kind, inputs] of Object.entries(fastApiGolden.values)) {
  describe(`values of kind ${kind} are read as FastAPI reads them`, () => {
    const schema = z.object({ member: required(KINDS[kind]!, "One of this kind") });
    for (const golden of inputs) {
      test(golden.input, async () => {
        const ours = await said(schema, "body", jsonOf(`{"member":${golden.input}}`));
        const isBare = "value" in ours;
        expectAs(golden, isBare ? { value: (ours.value as { member: unknown }).member } : ours);
      });
    }
  });
}

const model = z.object({ a: required(free, "A text"), n: required(integer(), "A number") });

describe("a body that is no JSON says where it breaks, and what was expected there", () => {
  for (const golden of fastApiGolden.syntax) {
    test(JSON.stringify(golden.input), async () => expectAs(golden, await said(model, "body", jsonOf(golden.input))));
  }
});

describe("whole bodies", () => {
  for (const golden of fastApiGolden.models) {
    test(`${golden.input || "nothing"} as a model`, async () =>
      expectAs(golden, await said(model, "body", jsonOf(golden.input))));
  }
  for (const golden of fastApiGolden.dictionaries) {
    test(`${golden.input} as a dictionary`, async () =>
      expectAs(golden, await said(dictionary({}), "body", jsonOf(golden.input))));
  }
});

describe("what is no body", () => {
  const query = z.object({
    n: required(integer(), "A number"),
    limit: optional(integer({ least: 1, most: 9 }), 5, "Most"),
    on: optional(flag(), true, "Whether"),
  });
  for (const golden of fastApiGolden.queries) {
    test(`?${golden.input}`, async () =>
      expectAs(golden, await said(query, "query", () => Object.fromEntries(new URLSearchParams(golden.input)))));
  }
  const path = z.object({ n: required(integer(), "A number") });
  for (const golden of fastApiGolden.paths) {
    test(`/path/${golden.input}`, async () =>
      expectAs(golden, await said(path, "path", () => ({ n: decodeURIComponent(golden.input) }))));
  }
  const form = z.object({ username: required(free, "Who"), password: required(free, "What only they know") });
  for (const golden of fastApiGolden.forms) {
    test(`the form ${golden.input}`, async () => {
      const read = () => readForm(posted(golden.input, "application/x-www-form-urlencoded"), LIMIT_BYTES);
      const ours = await said(form, "body", read);
      // The contract repeats nothing of a form in which something is missing.
      expectAs(golden, { ...ours, ...(ours.details && { details: ours.details.map(withoutForm) }) });
    });
  }
});

const withoutForm = (fault: FaultDetail): FaultDetail => (fault.type === "missing" ? { ...fault, input: null } : fault);
