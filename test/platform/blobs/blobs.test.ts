import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { expectPassesAlone } from "../../support/alone";
import { openBlobs } from "./blobServer";

setDefaultTimeout(30_000);

async function told(answer: Response): Promise<[number, string]> {
  return [answer.status, ((await answer.json()) as { detail: string }).detail];
}

describe("blobs by signed link", () => {
  test("what was uploaded comes down, under its name, as an attachment; the links are good again and again", async () => {
    const { link } = openBlobs();
    const put = link("put", "a/b.txt");
    for (let i = 0; i < 2; i++) {
      const answer = await fetch(put, { method: "PUT", body: "hello" });
      expect([answer.status, await answer.text(), answer.headers.get("etag")]).toEqual([
        200,
        "",
        '"5d41402abc4b2a76b9719d911017c592"',
      ]);
    }
    const answer = await fetch(
      link("get", "a/b.txt", { download: { filename: "Łódź 1.txt", contentType: "text/plain" } }),
    );
    expect(await answer.text()).toBe("hello");
    expect(answer.headers.get("content-type")).toBe("text/plain");
    expect(answer.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''%C5%81%C3%B3d%C5%BA%201.txt");
    expect(answer.headers.get("content-security-policy")).toContain("sandbox");
  });

  const forgeries: [what: string, forge: (link: string) => string, init: RequestInit][] = [
    ["another key", (link) => link.replace("/a/b", "/a/c"), {}],
    ["another expiry", (link) => link.replace(/exp=\d+/, "exp=99999999999"), {}],
    ["no signature", (link) => link.replace(/sig=[^&]*/, "sig="), {}],
    ["a signature of another length", (link) => `${link}AAAA`, {}],
    ["another name", (link) => link.replace("name=x", "name=y"), {}],
    ["upload with a link for download", (link) => link, { method: "PUT", body: "x" }],
  ];
  test.each(forgeries)("a link with %s is refused", async (_, forge, init) => {
    const { link, blobs } = openBlobs();
    await blobs.put("a/b", new TextEncoder().encode("secret"));
    await blobs.put("a/c", new TextEncoder().encode("secret"));
    const good = link("get", "a/b", { download: { filename: "x", contentType: "text/plain" } });
    expect((await fetch(good)).status).toBe(200);
    const answer = await fetch(forge(good), init);
    expect(await told(answer)).toEqual([403, "The signature of this link does not match. Ask for a new link."]);
  });

  test("a link ends with its time", async () => {
    const { link, blobs, clock } = openBlobs();
    await blobs.put("a", new Uint8Array(1));
    const good = link("get", "a");
    clock.advance(61_000);
    expect(await told(await fetch(good))).toEqual([403, "This link has expired. Ask for a new one."]);
  });

  test.each(["..%2Fx", "a%2F..%2F..%2Fx", "%2Fetc%2Fpasswd", "a%00b", "a/./b", "", "%zz"])(
    "the key %p leads nowhere",
    async (path) => {
      const { server } = openBlobs();
      const answer = await fetch(`${server.url}/blobs/${path}?op=get&exp=99999999999&sig=x`);
      expect([400, 403, 404]).toContain(answer.status);
    },
  );

  test("a content over the limit is refused, declared or not, and leaves nothing behind", async () => {
    const { link, files } = openBlobs(10_000);
    const body = new Uint8Array(10_001);
    const stream = new Blob([body]).stream();
    for (const sent of [body, stream]) {
      const answer = await fetch(link("put", "big"), { method: "PUT", body: sent });
      expect(answer.status).toBe(413);
      expect(await answer.text()).toContain("10000 bytes");
    }
    expect(files()).toEqual([]);
  });

  test("an upload that breaks off leaves what was there before", async () => {
    const { blobs, files } = openBlobs();
    await blobs.put("a", new TextEncoder().encode("before"));
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(10));
        controller.error(new Error("hung up"));
      },
    });
    expect(await blobs.put("a", broken).catch((error: Error) => error.message)).toBe("hung up");
    expect(await (await blobs.get("a"))!.bytes()).toEqual(new TextEncoder().encode("before"));
    expect(files()).toEqual(["a"]);
  });

  test("256 MiB up and down add less than 150 MB of memory", () =>
    expectPassesAlone(join(import.meta.dir, "memory.fixture.ts")));
});

test("a store refuses keys that are none, removes blobs and tells their sizes", async () => {
  const { blobs } = openBlobs();
  for (const bad of ["../x", "/x", "a//b", "a\0b", "a/../b", ".", join("a", "x".repeat(600))]) {
    expect(await blobs.put(bad, new Uint8Array(1)).catch((error: { status: number }) => error.status)).toBe(400);
  }
  await blobs.put("a/b/c", new Uint8Array(12));
  expect(await blobs.stat("a/b/c")).toEqual({ sizeBytes: 12 });
  await blobs.delete("a/b/c");
  await blobs.delete("a/b/c");
  expect(await blobs.stat("a/b/c")).toBeUndefined();
  expect(await blobs.get("a/b")).toBeUndefined();
  await blobs.put("a/b/d", new Uint8Array(1));
  await blobs.put("a/bc", new Uint8Array(1));
  await blobs.deleteUnder("a/b");
  expect(await blobs.stat("a/b/d")).toBeUndefined();
  expect(await blobs.stat("a/bc")).toEqual({ sizeBytes: 1 });
});
