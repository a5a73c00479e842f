import { openapi } from "@elysiajs/openapi";
import { type AnyElysia, Elysia } from "elysia";
import stylePath from "swagger-ui-dist/swagger-ui.css" with { type: "file" };
import bundlePath from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import { z } from "zod";
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

const DAY_CACHE = "public, max-age=86400";

/** `/docs` (also `/redoc`), served from inside the program, and `/openapi.json` of the routes of `app`. */
export function apiDocs(): AnyElysia {
  const page = () =>
    new Response(PAGE, {
      headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": PAGE_POLICY },
    });
  const hidden = { detail: { hide: true } };
  return new Elysia({ name: "api docs" })
    .get("/docs", page, hidden)
    .get("/redoc", page, hidden)
    .get("/docs/swagger-ui-bundle.js", () => file(bundlePath, "text/javascript"), hidden)
    .get("/docs/swagger-ui.css", () => file(stylePath, "text/css"), hidden)
    .get("/docs/start.js", () => new Response(START_SCRIPT, { headers: { "content-type": "text/javascript" } }), hidden)
    .use(
      openapi({
        path: "/docs",
        specPath: "/openapi.json",
        provider: null,
        mapJsonSchema: { zod: (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) },
        documentation: {
          info: {
            title: "Foresight",
            version: VERSION,
            description: "Forecasts, simulations and a market of compute.",
          },
          components: {
            securitySchemes: {
              bearer: { type: "http", scheme: "bearer", description: "A token of the system that is called." },
              apiKey: { type: "apiKey", in: "header", name: "X-API-Key", description: "A key of the market." },
            },
          },
          security: [{}, { bearer: [] }, { apiKey: [] }],
        },
      }),
    );
}

function file(path: string, contentType: string): Response {
  return new Response(Bun.file(path), {
    headers: { "content-type": `${contentType}; charset=utf-8`, "cache-control": DAY_CACHE },
  });
}
