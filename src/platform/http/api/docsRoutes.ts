import { type AnyElysia, Elysia } from "elysia";
import { asset } from "../../assets/bundle";
import { assetAnswer } from "../../assets/serve";
import type { PageAnswer } from "../rootRoutes";
import type { ApiDocument } from "./document";

/** The slowest level takes 11 ms for such a document, this one 0.4, and gives a few hundred bytes more. */
const GZIP_LEVEL = 6;

/** `/docs` (also `/redoc`), a page from inside the program, and `/openapi.json`, all of them under `prefix`. */
export function docsRoutes(document: () => Promise<ApiDocument>, page: PageAnswer, prefix = ""): AnyElysia {
  const hidden = { detail: { hide: true } };
  const showPage = ({ request }: { request: Request }) => page("docs", request);
  let answer: Promise<ReturnType<typeof assetAnswer>> | undefined;
  return new Elysia({ name: `api docs ${prefix}`, prefix })
    .get("/docs", showPage, hidden)
    .get("/redoc", showPage, hidden)
    .get(
      "/openapi.json",
      async ({ request }) => {
        answer ??= document().then(encoded);
        return (await answer)(request);
      },
      hidden,
    );
}

function encoded(document: ApiDocument) {
  return assetAnswer(asset("openapi.json", new TextEncoder().encode(JSON.stringify(document)), GZIP_LEVEL));
}
