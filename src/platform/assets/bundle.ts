import { exists, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** One answer to a GET, encoded once: the bytes as they are, and gzipped where that is smaller. */
export interface Asset {
  /** A page's name (`system`), or a file's hashed name (`style-1a2b3c4d.css`). */
  name: string;
  contentType: string;
  /** A hash of `plain`, in hexadecimal. */
  hash: string;
  plain: Uint8Array<ArrayBuffer>;
  gzip: Uint8Array<ArrayBuffer> | undefined;
}

/** All pages and the files they load. */
export interface Bundle {
  pages: Asset[];
  /** Their names hold a hash of what is inside, so that they may be kept for ever. */
  files: Asset[];
  manifest: Manifest;
}

/** What each page loads, by hashed name, entry first; the sizes are what the budget of a page is counted by. */
export interface Manifest {
  [page: string]: { scripts: string[]; styles: string[] };
}

/** Where the hashed files stand on the server. */
export const FILES_PATH = "/assets/";

const CONTENT_TYPES: Record<string, string> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  json: "application/json",
};

/**
 * Builds every page of that folder: a page is a folder with a `page.tsx`, at any depth and named by the folder alone;
 * what pages share ends up in shared chunks. `common/` holds the shared style (`style.css`), the script that sets the colour scheme before the first
 * paint (`theme-boot.ts`) and the icon (`icon.svg`).
 *
 * Throws an AggregateError with file and line of each fault when the sources do not build. See docs/pages.md, "Assets".
 */
export async function bundlePages(folder: string, common = join(folder, "common")): Promise<Bundle> {
  const folders = await pageFolders(folder);
  const entries = await entryPoints(folders, common);
  const built = await Bun.build({
    entrypoints: [...entries.keys()],
    target: "browser",
    format: "esm",
    splitting: true,
    minify: true,
    metafile: true,
    naming: { entry: "[name]-[hash].[ext]", chunk: "chunk-[hash].[ext]", asset: "[name]-[hash].[ext]" },
    jsx: { runtime: "automatic", importSource: "preact", development: false },
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const files = await Promise.all(
    built.outputs.map(async (output) => asset(basename(output.path), new Uint8Array(await output.arrayBuffer()))),
  );
  const iconBytes = await Bun.file(join(common, "icon.svg")).bytes();
  const icon = asset(`icon-${hashOf(iconBytes)}.svg`, iconBytes);
  const outputs = outputsByEntry(built.metafile?.outputs ?? {}, entries);
  const manifest: Manifest = {};
  for (const page of folders.keys()) {
    manifest[page] = {
      scripts: [...outputs.get(`page:${page}`)!, ...outputs.get("theme")!],
      styles: [...outputs.get("style")!, ...(outputs.get(`style:${page}`) ?? [])],
    };
  }
  const pages = [...folders.keys()].map((page) => pageAsset(page, manifest[page]!, icon.name));
  return { pages, files: [...files, icon], manifest };
}

/** The slowest of libdeflate takes a fortieth off what zlib leaves. */
const SLOWEST = 12;

/** The bytes with their hash, type and gzipped form. */
export function asset(name: string, plain: Uint8Array<ArrayBuffer>, level: 6 | 12 = SLOWEST): Asset {
  const extension = name.slice(name.lastIndexOf(".") + 1);
  const contentType = CONTENT_TYPES[extension] ?? "text/html; charset=utf-8";
  const gzip = Bun.gzipSync(plain, { library: "libdeflate", level });
  return { name, contentType, hash: hashOf(plain), plain, gzip: gzip.length < plain.length ? gzip : undefined };
}

function hashOf(bytes: Uint8Array): string {
  return Bun.hash(bytes).toString(16).padStart(16, "0");
}

/** The folder of each page by the page's name, in the order of the names. */
async function pageFolders(folder: string): Promise<Map<string, string>> {
  const paths = await readdir(folder, { recursive: true });
  const found = paths.filter((path) => basename(path) === "page.tsx").map((path) => join(folder, dirname(path)));
  const byName = new Map(found.map((path) => [basename(path), path] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
  const hidden = found.find((path) => byName.get(basename(path)) !== path);
  if (hidden !== undefined) {
    throw new Error(`Two pages have one name: ${hidden} and ${byName.get(basename(hidden))}. Rename one folder.`);
  }
  return byName;
}

/** Each entry file of the build with the role its output plays. */
async function entryPoints(folders: Map<string, string>, common: string): Promise<Map<string, string>> {
  const roles = new Map<string, string>();
  roles.set(join(common, "style.css"), "style");
  roles.set(join(common, "theme-boot.ts"), "theme");
  for (const [page, folder] of folders) {
    roles.set(join(folder, "page.tsx"), `page:${page}`);
    const style = join(folder, "page.css");
    if (await exists(style)) roles.set(style, `style:${page}`);
  }
  return roles;
}

interface BuiltOutput {
  entryPoint?: string;
  imports: { path: string; kind?: string }[];
}

/**
 * For each role the output's name, followed by the names of the chunks it imports, directly or through others. Those
 * that it imports when they are needed (`import()`) are not among them.
 */
function outputsByEntry(outputs: Record<string, BuiltOutput>, roles: Map<string, string>): Map<string, string[]> {
  const imports = new Map(
    Object.entries(outputs).map(([path, output]) => [
      basename(path),
      output.imports.filter(({ kind }) => kind !== "dynamic-import").map((to) => basename(to.path)),
    ]),
  );
  const byRole = new Map<string, string[]>();
  for (const [path, output] of Object.entries(outputs)) {
    const entry = output.entryPoint;
    const role = entry === undefined ? undefined : roles.get(join(process.cwd(), entry));
    if (role === undefined) continue;
    const reached = new Set([basename(path)]);
    for (const name of reached) {
      for (const next of imports.get(name) ?? []) reached.add(next);
    }
    byRole.set(role, [...reached]);
  }
  return byRole;
}

function pageAsset(page: string, loads: Manifest[string], icon: string): Asset {
  const title = page === "start" ? "Foresight" : `${page[0]!.toUpperCase()}${page.slice(1)} · Foresight`;
  const entry = loads.scripts[0]!;
  const theme = loads.scripts.at(-1)!;
  const chunks = loads.scripts.slice(1, -1);
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="${FILES_PATH}${icon}">
${loads.styles.map((name) => `<link rel="stylesheet" href="${FILES_PATH}${name}">`).join("\n")}
<script src="${FILES_PATH}${theme}"></script>
${chunks.map((name) => `<link rel="modulepreload" href="${FILES_PATH}${name}">`).join("\n")}
<script type="module" src="${FILES_PATH}${entry}"></script>
</head>
<body>
<div id="app"></div>
<noscript>This page draws its charts with JavaScript, which is switched off here. The same figures are at <a href="/docs">the API</a>.</noscript>
</body>
</html>
`;
  return asset(page, new TextEncoder().encode(html));
}
