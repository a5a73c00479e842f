import { toOpenAPISchema } from "@elysiajs/openapi/openapi";
import { type AnyElysia, Elysia } from "elysia";
import stylePath from "swagger-ui-dist/swagger-ui.css" with { type: "file" };
import bundlePath from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import { z } from "zod";
import type { SecurityScheme } from "../system";
import { VERSION } from "../version";

const START_SCRIPT = `window.ui = SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, persistAuthorization: false, validatorUrl: null });
`;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · Foresight</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/start.js" defer></script>
</head>
<body><div id="docs"></div></body>
</html>
`;

// Swagger UI sets styles of its own on elements and carries its icons as data URLs.
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

const OPENAPI = "3.1.2";
/** OPTIONS is the preflight's, and a WebSocket is no operation of this kind of document. */
const UNDESCRIBED = ["options", "ws"];

const DAY_CACHE = "public, max-age=86400";

type SecuritySchemes = Readonly<Record<string, SecurityScheme>>;

/** `/docs` (also `/redoc`), served from inside the program, and `/openapi.json` of these routes. */
export function apiDocs(groups: readonly AnyElysia[], securitySchemes: SecuritySchemes = {}): AnyElysia {
  const page = () =>
    new Response(PAGE, {
      headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": PAGE_POLICY },
    });
  const hidden = { detail: { hide: true } };
  let document: ApiDocument | undefined;
  return new Elysia({ name: "api docs" })
    .get("/docs", page, hidden)
    .get("/redoc", page, hidden)
    .get("/docs/swagger-ui-bundle.js", () => file(bundlePath, "text/javascript"), hidden)
    .get("/docs/swagger-ui.css", () => file(stylePath, "text/css"), hidden)
    .get("/docs/start.js", () => new Response(START_SCRIPT, { headers: { "content-type": "text/javascript" } }), hidden)
    .get(
      "/openapi.json",
      () => {
        document ??= describeApi(groups, securitySchemes);
        return document;
      },
      hidden,
    );
}

type ApiDocument = ReturnType<typeof describeApi>;
type Paths = ReturnType<typeof toOpenAPISchema>["paths"];

/** The OpenAPI document of these routes, whose callers prove who they are by these schemes. */
export function describeApi(groups: readonly AnyElysia[], securitySchemes: SecuritySchemes = {}) {
  const zod = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const described = groups.map((group) =>
    toOpenAPISchema(group, { methods: UNDESCRIBED }, undefined, { zod }, OPENAPI),
  );
  return {
    openapi: OPENAPI,
    info: { title: "Foresight", version: VERSION, description: "Forecasts, simulations and a market of compute." },
    security: [{}, ...Object.keys(securitySchemes).map((name) => ({ [name]: [] }))],
    components: {
      securitySchemes,
      schemas: Object.assign({}, ...described.map(({ components }) => components.schemas)),
    },
    paths: withResponses(Object.assign({}, ...described.map(({ paths }) => paths))),
  };
}

/** Every operation must tell its responses; those of ours that say nothing of their own answer like this. */
function withResponses(paths: Paths): Paths {
  const standard = {
    200: { description: "The answer" },
    default: { description: "A refusal, in the contract's shape" },
  };
  const entries = Object.entries(paths).map(([path, operations]) => {
    const told = Object.entries(operations ?? {})
      .filter(([method]) => !UNDESCRIBED.includes(method))
      .map(([method, operation]) => [method, { responses: standard, ...(operation as object) }]);
    return [path, Object.fromEntries(told)];
  });
  return Object.fromEntries(entries.filter(([, operations]) => Object.keys(operations).length > 0));
}

function file(path: string, contentType: string): Response {
  return new Response(Bun.file(path), {
    headers: { "content-type": `${contentType}; charset=utf-8`, "cache-control": DAY_CACHE },
  });
}
