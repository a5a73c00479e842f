import { describe, expect, test } from "bun:test";
import { Elysia } from "elysia";
import { z } from "zod";
import { describeApi } from "../../../../src/platform/http/api/document";
import { operation } from "../../../../src/platform/http/api/operation";
import { textOf } from "../../../../src/platform/http/api/texts";
import { documentFaults, schemaChecker } from "../../../support/openApi";

const folder: z.ZodType = z.strictObject({
  name: z.string().meta({ examples: ["src"] }),
  get folders() {
    return z.array(folder);
  },
});
const page = z.union([
  z.object({
    page: z.coerce
      .number()
      .int()
      .min(1)
      .meta({ examples: [2] }),
    limit: z.coerce.number(),
  }),
  z.object({ offset: z.coerce.number().int().min(0), limit: z.coerce.number() }),
]);
const prices = z.record(z.string().meta({ examples: ["worker-1"] }), z.number());
const fault = z.strictObject({ status: z.literal("error") });

const done = () => new Response();
const routes = new Elysia({ tags: ["shop"] })
  .get("/prices", done, operation({ summary: "All prices", query: page, answer: prices }))
  .get(
    "/prices/:id",
    done,
    operation({
      summary: "One price",
      path: z.object({ id: z.string().meta({ examples: ["worker-1"] }) }),
      answer: z.union([z.strictObject({ price: z.number() }), fault]),
      others: { 409: fault },
      security: [{}, { bearer: [] }],
    }),
  )
  .get("/folders", done, operation({ summary: "All folders", answer: folder }))
  .get("/page", done, operation({ summary: "The same as a page", answer: textOf("text/html", "<p>All prices</p>") }))
  .post(
    "/order/:id",
    done,
    operation({
      summary: "Order",
      body: z.strictObject({
        amount: z.number().min(1),
        note: z
          .string()
          .meta({ examples: ["soon"] })
          .optional(),
      }),
      answer: z.array(z.literal("done")),
      otherTypes: ["text/csv"],
    }),
  )
  .get("/hidden", done, { detail: { hide: true } })
  .options("/prices", done)
  .ws("/live", {});
const other = new Elysia({ tags: ["service"] }).get("/health", done, operation({ summary: "State", answer: fault }));

const document = await describeApi([other, routes]);
const { paths, components } = document;

describe("the API document", () => {
  test("is as OpenAPI's own schema demands, and its schemas as JSON Schema's does", async () => {
    expect(await documentFaults(document)).toEqual([]);
  });

  test("the check of documents finds what is wrong with one", async () => {
    const wrong = structuredClone(document);
    wrong.paths["/prices"]!["get"]!.parameters![0]!.in = "nowhere";
    wrong.components.schemas["GetPricesAnswer"] = { type: "list" };
    expect((await documentFaults(wrong)).length).toBeGreaterThan(1);
  });

  test("has every route but what is hidden, a preflight or a socket, its groups in the order of the routes", () => {
    expect(Object.keys(paths)).toEqual(["/health", "/prices", "/prices/{id}", "/folders", "/page", "/order/{id}"]);
    expect(document.tags).toEqual([{ name: "service" }, { name: "shop" }]);
  });

  test("a body is JSON and nothing else, described as it must be sent, with an example", () => {
    const { content } = paths["/order/{id}"]!["post"]!.requestBody!;
    expect(Object.keys(content)).toEqual(["application/json"]);
    expect(content["application/json"]).toMatchObject({
      schema: { type: "object", required: ["amount"], additionalProperties: false },
      example: { amount: 1, note: "soon" },
    });
  });

  test("a union is a query of all its members", () => {
    const parameters = paths["/prices"]!["get"]!.parameters!;
    expect(parameters.map(({ name, in: place, required }) => [name, place, required])).toEqual([
      ["page", "query", false],
      ["limit", "query", true],
      ["offset", "query", false],
    ]);
    expect(parameters[0]).toMatchObject({ schema: { type: "integer", minimum: 1 }, example: 2 });
    expect(parameters[0]).not.toHaveProperty("examples");
  });

  test("a parameter of the path that no schema names is a text", () => {
    const [id] = paths["/order/{id}"]!["post"]!.parameters!;
    expect(id).toMatchObject({ name: "id", in: "path", required: true, schema: { type: "string" } });
  });

  test("an answer that is a record, a union, a list or recursive is kept whole", () => {
    const answer = (path: string) => components.schemas[`Get${path}Answer`]!;
    expect(answer("Prices")).toMatchObject({ additionalProperties: { type: "number" } });
    expect(answer("PricesById")).toMatchObject({ anyOf: [{ required: ["price"] }, { required: ["status"] }] });
    expect(answer("Folders")).toMatchObject({
      properties: { folders: { items: { $ref: "#/components/schemas/GetFoldersAnswer" } } },
    });
    expect(components.schemas["PostOrderByIdAnswer"]).toMatchObject({ type: "array", items: { const: "done" } });
  });

  test("an answer says its content type, what else can be asked for, and what other statuses answer", () => {
    const { responses } = paths["/order/{id}"]!["post"]!;
    expect(Object.keys(responses["200"]!.content!)).toEqual(["application/json", "text/csv"]);
    expect(Object.keys(paths["/page"]!["get"]!.responses["200"]!.content!)).toEqual(["text/html"]);
    expect(Object.keys(paths["/prices/{id}"]!["get"]!.responses)).toEqual(["200", "409", "default"]);
  });

  test("each operation says what it asks for, which is nothing unless it is told", () => {
    expect(paths["/health"]!["get"]!.security).toEqual([]);
    expect(paths["/prices/{id}"]!["get"]!.security).toEqual([{}, { bearer: [] }]);
  });

  test("examples fit their schemas", () => {
    const check = schemaChecker(document);
    for (const operations of Object.values(paths)) {
      for (const { requestBody, responses } of Object.values(operations)) {
        const contents = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)];
        for (const { schema, example } of contents.flatMap((content) => Object.values(content ?? {}))) {
          if (example !== undefined) expect(check(example, schema)).toEqual([]);
        }
      }
    }
  });
});
