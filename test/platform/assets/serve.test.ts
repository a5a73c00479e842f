import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embedPages } from "../../../src/platform/assets/embed";
import {
  type AssetRoute,
  type Assets,
  assetRoutes,
  packedAssets,
  sourceAssets,
} from "../../../src/platform/assets/serve";

setDefaultTimeout(30_000);

const projectRoot = join(import.meta.dir, "../../..");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "foresight-assets-"));
  await cp(join(projectRoot, "static"), join(folder, "static"), { recursive: true });
  await Bun.$`ln -s ${join(projectRoot, "node_modules")} ${join(folder, "node_modules")}`.quiet();
  await Bun.$`ln -s ${join(projectRoot, "src")} ${join(folder, "src")}`.quiet();
  await embedPages(join(folder, "static"), join(folder, "pages.pack"));
});

afterAll(() => rm(folder, { recursive: true }));

const kinds: [string, () => Assets][] = [
  ["from source", () => sourceAssets(join(folder, "static"))],
  ["from the pack inside the executable", () => packedAssets(join(folder, "pages.pack"))],
];

describe.each(kinds)("assets %s", (_, open) => {
  test("a page is HTML that is asked for anew each time and runs nothing but our own files", async () => {
    const response = await get(open(), "/");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    const policy = response.headers.get("content-security-policy")!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain("unsafe");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(await response.text()).toStartWith("<!doctype html>");
  });

  test("a file may be kept for ever, since its name changes with what is in it", async () => {
    const assets = open();
    for (const path of await filesOf(assets)) {
      const response = await get(assets, path);
      expect(response.status).toBe(200);
      expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("content-type")).toBe(typeOf(path));
    }
  });

  test("who takes gzip gets it encoded, who does not gets the bytes", async () => {
    const assets = open();
    const path = (await filesOf(assets)).find((name) => name.includes("chunk-"))!;
    const plain = await get(assets, path);
    expect(plain.headers.get("content-encoding")).toBeNull();
    for (const accepted of ["gzip", "br, gzip;q=0.5", "*", "GZIP"]) {
      const response = await get(assets, path, { "accept-encoding": accepted });
      expect(response.headers.get("content-encoding"), accepted).toBe("gzip");
      expect(response.headers.get("vary")).toBe("accept-encoding, origin");
      expect(Bun.gunzipSync(await response.bytes()).length).toBe(await lengthOf(assets, path));
    }
    for (const refused of ["br", "gzip;q=0", "identity", "gzip;q=0.0"]) {
      const response = await get(assets, path, { "accept-encoding": refused });
      expect(response.headers.get("content-encoding"), refused).toBeNull();
    }
  });

  test("who has it already gets 304 without a body", async () => {
    const assets = open();
    const tag = (await get(assets, "/")).headers.get("etag")!;
    for (const known of [tag, `"other", ${tag}`, tag.replace("W/", ""), "*"]) {
      const response = await get(assets, "/", { "if-none-match": known });
      expect(response.status, known).toBe(304);
      expect(response.headers.get("etag")).toBe(tag);
      expect(await response.text()).toBe("");
    }
    expect((await get(assets, "/", { "if-none-match": '"other"' })).status).toBe(200);
  });

  test.each(["/assets/none.js", "/assets/../src/app.ts", "/assets/", "/assets/__proto__"])(
    "%s is not found",
    async (path) => {
      const route = routesOf(open()).find((each) => each.path === "/assets/*")!;
      const response = await route.handle(new Request(`http://localhost${path}`));
      expect(response.status).toBe(404);
    },
  );
});

describe("assets from source", () => {
  test("a page asked for after a change is built anew, and the page before is not needed for its files", async () => {
    const assets = sourceAssets(join(folder, "static"));
    const before = await (await get(assets, "/")).text();
    expect(await (await get(assets, "/")).text()).toBe(before);
    const file = join(folder, "static/start/page.tsx");
    const source = await Bun.file(file).text();
    await Bun.write(file, source.replace("What this machine can do", "What this computer can do"));
    const after = await (await get(assets, "/")).text();
    expect(after).not.toBe(before);
    const scripts = await Promise.all((await filesOf(assets)).map(async (path) => (await get(assets, path)).text()));
    expect(scripts.join()).toContain("What this computer can do");
  });

  test("a file is served without its page having been asked for", async () => {
    const name = (await filesOf(sourceAssets(join(folder, "static"))))[0]!;
    expect((await get(sourceAssets(join(folder, "static")), name)).status).toBe(200);
  });
});

function routesOf(assets: Assets): AssetRoute[] {
  return assetRoutes(assets, ["start", "system"]);
}

async function get(assets: Assets, path: string, headers: Record<string, string> = {}): Promise<Response> {
  const wanted = path.startsWith("/assets/") ? "/assets/*" : path;
  const route = routesOf(assets).find((each) => each.path === wanted)!;
  return route.handle(new Request(`http://localhost${path}`, { headers }));
}

async function filesOf(assets: Assets): Promise<string[]> {
  const html = await (await get(assets, "/")).text();
  return [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
}

async function lengthOf(assets: Assets, path: string): Promise<number> {
  return (await (await get(assets, path)).bytes()).length;
}

function typeOf(path: string): string {
  if (path.endsWith(".js")) return "text/javascript; charset=utf-8";
  return path.endsWith(".css") ? "text/css; charset=utf-8" : "image/svg+xml";
}
