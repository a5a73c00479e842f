import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { RefusedAddress } from "../../../../src/platform/http/outside/checked";
import { getOutside } from "../../../../src/platform/http/outside/get";
import { atTestEnd } from "../../../support/endings";

setDefaultTimeout(30_000);

/** A server of this machine that answers each path in its way. */
function outside(answers: Record<string, () => Response | Promise<Response>>) {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) => answers[new URL(url).pathname]?.() ?? new Response("no", { status: 404 }),
  });
  atTestEnd(() => server.stop(true));
  return { url: `http://127.0.0.1:${server.port}`, port: server.port! };
}

const reach = { allowPrivate: true, allowedBy: "SOME_SETTING", maxBytes: 1000, timeoutMs: 5000 };

describe("fetching what somebody named", () => {
  test("gives the bytes, their type, and where redirects led", async () => {
    const { url } = outside({
      "/a": () => new Response(null, { status: 302, headers: { location: "/b" } }),
      "/b": () => new Response("date,x\n", { headers: { "content-type": "text/csv" } }),
    });
    const got = await getOutside({ ...reach, url: `${url}/a` });
    expect([new TextDecoder().decode(got.bytes), got.contentType, got.url]).toEqual([
      "date,x\n",
      "text/csv",
      `${url}/b`,
    ]);
  });

  test("refuses what is too large, redirects for ever, or is no web address", async () => {
    const { url } = outside({
      "/large": () => new Response("x".repeat(1001)),
      "/round": () => new Response(null, { status: 302, headers: { location: "/round" } }),
    });
    for (const asked of [`${url}/large`, `${url}/round`, "file:///etc/passwd", "http://user:secret@example.org/"]) {
      const refused = await getOutside({ ...reach, url: asked }).catch((error: unknown) => error);
      expect([asked, refused instanceof RefusedAddress]).toEqual([asked, true]);
    }
  });

  test("does not reach this machine unless that is allowed, by name or number, at once or by a redirect", async () => {
    const { url, port } = outside({ "/": () => new Response("inside") });
    const strict = { ...reach, allowPrivate: false, resolve: async () => ["127.0.0.1"] };
    for (const asked of [url, `http://[::1]:${port}/`, `http://data.example:${port}/`, "http://169.254.169.254/"]) {
      const refused = (await getOutside({ ...strict, url: asked }).catch((error: unknown) => error)) as Error;
      expect([asked, refused instanceof RefusedAddress, refused.message.includes("SOME_SETTING")]).toEqual([
        asked,
        true,
        true,
      ]);
    }
  });

  test("tells a status that is not 200, and an answer that is not there in time", async () => {
    const { url } = outside({ "/slow": () => new Promise(() => undefined) });
    expect(await getOutside({ ...reach, url: `${url}/gone` }).catch(String)).toContain("status 404");
    expect(await getOutside({ ...reach, url: `${url}/slow`, timeoutMs: 200 }).catch(String)).toContain("0.2 s");
  });
});
