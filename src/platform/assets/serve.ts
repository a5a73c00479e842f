import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Asset, type Bundle, bundlePages, FILES_PATH } from "./bundle";
import { packPath } from "./embedded";
import { unpack } from "./pack";

/** The pages and their files, ready to be answered with. */
export interface Assets {
  /** The HTML of that page; undefined where there is no page of that name. */
  page(name: string, request: Request): Promise<Response | undefined>;
  /** The file at that path under /assets/; undefined where there is none. */
  file(path: string, request: Request): Promise<Response | undefined>;
}

/** What the HTTP server mounts. */
export interface AssetRoute {
  method: "GET";
  path: string;
  handle(request: Request): Promise<Response>;
}

/** Only what this server sends may run, be shown or be called; nobody may put a page into a frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // The icons of the API page stand in its style as data.
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  // A file that a page has fetched, such as a report, is shown in it from memory by the browser's own viewer.
  "frame-src blob:",
  "object-src blob:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** A year: the name of such a file changes with what is in it. */
const IMMUTABLE = "public, max-age=31536000, immutable";

/** Kept by the browser, but asked for anew each time: the tag makes that a 304. */
const REVALIDATED = "no-cache";

/** The pages inside the executable, or from source those of `static/`, built anew when a file in it has changed. */
export function openAssets(): Assets {
  return packPath === undefined ? sourceAssets(join(import.meta.dir, "../../../static")) : packedAssets(packPath);
}

/** The pages of a packed bundle. It is read at the first request. */
export function packedAssets(path: string): Assets {
  let answers: Promise<Answers> | undefined;
  return assetsFrom(() => {
    answers ??= Bun.file(path)
      .bytes()
      .then((blob) => encode(unpack(blob)));
    return answers;
  });
}

/** The pages of a source folder, built when a page is asked for and a file has changed since the last build. */
export function sourceAssets(folder: string, common?: string): Assets {
  let builtFrom = Number.NaN;
  let answers: Promise<Answers> | undefined;
  return assetsFrom(async (use) => {
    const newest = use === "file" && answers ? builtFrom : await newestChange([folder, ...(common ? [common] : [])]);
    if (newest !== builtFrom || answers === undefined) {
      builtFrom = newest;
      answers = bundlePages(folder, common).then(encode);
    }
    return answers;
  });
}

/** Routes for the hashed files and for these pages; the start page stands at `/`, each other one at `/name`. */
export function assetRoutes(assets: Assets, pages: readonly string[]): AssetRoute[] {
  const files: AssetRoute = {
    method: "GET",
    path: `${FILES_PATH}*`,
    handle: async (request) => (await assets.file(new URL(request.url).pathname, request)) ?? notFound(),
  };
  const pageRoutes = pages.map((name): AssetRoute => {
    const path = name === "start" ? "/" : `/${name}`;
    return { method: "GET", path, handle: async (request) => (await assets.page(name, request)) ?? notFound() };
  });
  return [files, ...pageRoutes];
}

/** Answers with that asset, gzipped where the caller takes it so, and with 304 where the caller has it. */
export function assetAnswer(asset: Asset): (request: Request) => Response {
  const answer = answerOf(asset, { "cache-control": REVALIDATED });
  return (request) => respond(answer, request);
}

interface Answer {
  asset: Asset;
  tag: string;
  plainHeaders: Record<string, string>;
  gzipHeaders: Record<string, string>;
}

interface Answers {
  pages: Map<string, Answer>;
  files: Map<string, Answer>;
}

function assetsFrom(current: (use: "page" | "file") => Promise<Answers>): Assets {
  const found = (answer: Answer | undefined, request: Request) => answer && respond(answer, request);
  return {
    page: async (name, request) => found((await current("page")).pages.get(name), request),
    file: async (path, request) => found((await current("file")).files.get(path), request),
  };
}

function encode(bundle: Bundle): Answers {
  return {
    pages: new Map(
      bundle.pages.map((page) => [
        page.name,
        answerOf(page, { "cache-control": REVALIDATED, "content-security-policy": CONTENT_SECURITY_POLICY }),
      ]),
    ),
    files: new Map(
      bundle.files.map((file) => [FILES_PATH + file.name, answerOf(file, { "cache-control": IMMUTABLE })]),
    ),
  };
}

function answerOf(asset: Asset, more: Record<string, string>): Answer {
  // Weak, since one tag stands for the plain and for the gzipped bytes: RFC 9110, 8.8.3.
  const tag = `W/"${asset.hash}"`;
  const plainHeaders = {
    "content-type": asset.contentType,
    etag: tag,
    // The header of the answer stands in for the one of CORS, which is why that is said here too.
    vary: "accept-encoding, origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    ...more,
  };
  return { asset, tag, plainHeaders, gzipHeaders: { ...plainHeaders, "content-encoding": "gzip" } };
}

function respond(answer: Answer, request: Request): Response {
  if (knows(request.headers.get("if-none-match"), answer.tag)) {
    return new Response(null, { status: 304, headers: answer.plainHeaders });
  }
  const { asset } = answer;
  if (asset.gzip !== undefined && acceptsGzip(request.headers.get("accept-encoding"))) {
    return new Response(asset.gzip, { headers: answer.gzipHeaders });
  }
  return new Response(asset.plain, { headers: answer.plainHeaders });
}

function knows(ifNoneMatch: string | null, tag: string): boolean {
  if (ifNoneMatch === null) return false;
  const bare = tag.slice(2);
  return ifNoneMatch.split(",").some((known) => known.trim() === "*" || known.trim().replace(/^W\//, "") === bare);
}

function acceptsGzip(acceptEncoding: string | null): boolean {
  return (acceptEncoding ?? "").split(",").some((offer) => {
    const [coding, ...parameters] = offer.split(";").map((part) => part.trim().toLowerCase());
    const refused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return (coding === "gzip" || coding === "*") && !refused;
  });
}

function notFound(): Response {
  return new Response("Not found. The pages are listed at /.\n", {
    status: 404,
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
  });
}

/** The time of the newest change below the folders, in milliseconds. A removed file changes its folder. */
async function newestChange(folders: string[]): Promise<number> {
  let newest = 0;
  for (const folder of folders) {
    const names = await readdir(folder, { recursive: true });
    const times = await Promise.all(["", ...names].map(async (name) => (await stat(join(folder, name))).mtimeMs));
    newest = times.reduce((latest, time) => Math.max(latest, time), newest);
  }
  return newest;
}
