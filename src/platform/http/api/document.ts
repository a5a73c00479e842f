import {
  capitalize,
  filterPaths,
  generateOperationId,
  registerSchemaPath,
  toOpenAPIPath,
} from "@elysiajs/swagger/utils";
import { type AnyElysia, t } from "elysia";
import type { z } from "zod";
import { inTurns } from "../../inTurns";
import type { SecurityScheme } from "../../system";
import { VERSION } from "../../version";
import { exampleOf } from "./example";
import { type Operation, operationOf, type Security } from "./operation";
import {
  addSchema,
  type Components,
  describeSchema,
  type JsonSchema,
  membersOf,
  noComponents,
  referenceTo,
} from "./schemas";

/** The OpenAPI document of the routes of one server; docs/architecture.md, "The API document". */
export interface ApiDocument {
  openapi: string;
  info: { title: string; version: string; description: string };
  /** The groups of the operations, in the order in which they are shown. */
  tags: { name: string }[];
  components: { schemas: Record<string, JsonSchema>; securitySchemes: SecuritySchemes };
  paths: Record<string, Record<string, DescribedOperation>>;
}

export interface DescribedOperation {
  operationId: string;
  summary?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, DescribedAnswer>;
  security?: readonly Security[];
}

interface Parameter {
  name: string;
  in: string;
  required: boolean;
  schema: JsonSchema;
  description?: string;
  example?: unknown;
}

interface DescribedAnswer {
  description: string;
  content?: Content;
}

type SecuritySchemes = Readonly<Record<string, SecurityScheme>>;
type Content = Record<string, { schema: JsonSchema; example?: unknown }>;
type Route = AnyElysia["routes"][number];

const OPENAPI = "3.1.2";
/** OPTIONS is the preflight's, and a WebSocket is no operation of this kind of document. */
const UNDESCRIBED = ["OPTIONS", "WS"];
/** One costs up to a millisecond. */
const ROUTES_IN_ONE_TURN = 4;
const JSON_TYPE = "application/json";
const NO_CONTENT = "204";
const FORM_TYPE = "application/x-www-form-urlencoded";
const ANSWER = "The answer";
const REFUSAL: DescribedAnswer = { description: "A refusal, in the contract's shape" };

/** The OpenAPI document of these routes, in their order; their callers prove who they are by these schemes. */
export async function describeApi(
  groups: readonly AnyElysia[],
  securitySchemes: SecuritySchemes = {},
): Promise<ApiDocument> {
  const components = noComponents();
  const paths: ApiDocument["paths"] = {};
  const routes = groups
    .flatMap((group) => group.routes)
    .filter(({ method, hooks }) => !UNDESCRIBED.includes(method) && !hooks.detail?.hide);
  for await (const route of inTurns(routes, ROUTES_IN_ONE_TURN)) addRoute(route, paths, components);
  // Adds the parameters of the path that no schema names.
  const described = filterPaths(paths, { excludeStaticFile: false, exclude: [] }) as ApiDocument["paths"];
  const operations = Object.values(described).flatMap((methods) => Object.values(methods));
  return {
    openapi: OPENAPI,
    info: { title: "Foresight", version: VERSION, description: "Forecasts, simulates and trades compute." },
    tags: [...new Set(operations.flatMap(({ tags = [] }) => tags))].map((name) => ({ name })),
    components: { schemas: components.schemas, securitySchemes },
    paths: described,
  };
}

/** The document of the routes that there are when it is first asked for; made once. */
export function documentOf(
  groups: () => readonly AnyElysia[],
  securitySchemes?: SecuritySchemes,
): () => Promise<ApiDocument> {
  let document: Promise<ApiDocument> | undefined;
  return () => {
    document ??= describeApi(groups(), securitySchemes);
    return document;
  };
}

/** Adds one operation to the paths and mends what the package leaves out of it or puts wrongly. */
function addRoute({ method, path, hooks }: Route, paths: ApiDocument["paths"], components: Components): void {
  const { summary, tags, ...detail } = hooks.detail ?? {};
  const about = operationOf(detail);
  const openApiPath = toOpenAPIPath(path);
  const name = capitalize(generateOperationId(method.toLowerCase(), openApiPath));
  const read = (part: "path" | "query" | "headers" | "body" | "form") => {
    const schema = about?.[part];
    return schema && describeSchema(schema, "input", name + capitalize(part), components);
  };
  const [params, query, headers] = [read("path"), read("query"), read("headers")];
  const body = read("body") ?? read("form");
  const bodyType = about?.form === undefined ? JSON_TYPE : FORM_TYPE;
  const answers = about ? answersOf(about, name, components) : [];
  registerSchemaPath({
    schema: paths,
    path,
    method,
    // Of a schema as it is the package keeps only some keywords; so it goes by name, and the name says no more than this.
    models: Object.fromEntries(answers.map(({ schema }) => [schema, t.Unsafe({ description: ANSWER })])),
    hook: {
      // With none named, the package promises form data and plain text beside JSON.
      parse: bodyType,
      params: params && t.Unsafe({ type: "object", ...membersOf(params) }),
      query: query && t.Unsafe({ type: "object", ...membersOf(query) }),
      headers: headers && t.Unsafe({ type: "object", ...membersOf(headers) }),
      body: body && t.Unsafe(body),
      response: Object.fromEntries(answers.map(({ status, schema }) => [status, schema])),
      detail: { summary, tags, security: about?.security ?? [] },
    },
  });
  const described = paths[openApiPath]![method.toLowerCase()]!;
  described.parameters = (described.parameters ?? []).map(withOneExample);
  described.responses = {
    ...(about ? {} : { 200: { description: ANSWER } }),
    ...described.responses,
    default: REFUSAL,
  };
  for (const { status, content } of answers) described.responses[status] = { description: ANSWER, ...content };
  if (body) described.requestBody!.content[bodyType]!.example = exampleOf(body, components.schemas);
}

/** The answers by status: the component of each, and what it is by content type. */
function answersOf(about: Operation, name: string, components: Components) {
  const success = String(about.status ?? 200);
  const schemas: Record<string, z.ZodType> = { [success]: about.answer, ...about.others };
  return Object.entries(schemas).map(([status, schema]) => {
    const isSuccess = status === success;
    const model = addSchema(schema, "output", `${name}Answer${isSuccess ? "" : status}`, components);
    const reference = referenceTo(model);
    const own = contentTypeOf(components.schemas[model]!);
    const content: Content = { [own]: { schema: reference, example: exampleOf(reference, components.schemas) } };
    for (const type of (isSuccess && about.otherTypes) || []) content[type] = { schema: { contentMediaType: type } };
    return { status, schema: model, ...(status !== NO_CONTENT && { content: { content } }) };
  });
}

/** A parameter has one example of its own, where a schema has a list of them. One of the path always has one. */
function withOneExample({ examples, ...parameter }: Parameter & { examples?: unknown }): Parameter {
  if (Array.isArray(examples)) return { ...parameter, example: examples[0] };
  return parameter.in === "path" ? { ...parameter, example: exampleOf(parameter.schema, {}) } : parameter;
}

/** The content type of what that schema describes. */
export function contentTypeOf({ contentMediaType }: JsonSchema): string {
  return typeof contentMediaType === "string" ? contentMediaType : "application/json";
}
