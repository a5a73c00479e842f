import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BlobStore } from "../../../src/platform/blobs/blobs";
import { s3Blobs } from "../../../src/platform/blobs/s3";
import { presignedS3 } from "../../../src/platform/blobs/s3Signature";
import { systemClock } from "../../../src/platform/clock";
import { RequestError } from "../../../src/platform/errors";
import { type FakeS3, fakeS3 } from "../../support/fakeS3";

test("an address is signed as Amazon's own example is", () => {
  const credentials = {
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    region: "us-east-1",
  };
  const url = new URL("https://examplebucket.s3.amazonaws.com/test.txt");
  const signed = presignedS3(credentials, { method: "GET", url, ttlS: 86_400 }, Date.UTC(2013, 4, 24));
  expect(new URL(signed).searchParams.get("X-Amz-Signature")).toBe(
    "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
  );
});

describe("blobs in a bucket", () => {
  let store: FakeS3;
  let blobs: BlobStore;
  let scratch: string;
  beforeEach(() => {
    store = fakeS3();
    scratch = join(mkdtempSync(join(tmpdir(), "s3-")), "uploads");
    const place = { bucket: store.bucket, endpoint: store.url, scratch, clock: systemClock };
    blobs = s3Blobs({ ...store.credentials, ...place });
  });
  afterEach(() => store.stop());
  const text = (content: string) => new TextEncoder().encode(content);

  test("are kept encrypted, read, measured and removed, and nothing stays behind in the scratch folder", async () => {
    expect(await blobs.put("jobs/1/a b.zip", text("hello"))).toEqual({
      sizeBytes: 5,
      md5: "5d41402abc4b2a76b9719d911017c592",
    });
    expect(store.objects.get("jobs/1/a b.zip")?.encryption).toBe("AES256");
    const stream = new Response("streamed").body!;
    expect((await blobs.put("jobs/1/b", stream)).sizeBytes).toBe(8);
    expect(await blobs.stat("jobs/1/b")).toEqual({ sizeBytes: 8 });
    const found = (await blobs.get("jobs/1/a b.zip"))!;
    expect(new TextDecoder().decode(await found.bytes())).toBe("hello");
    expect(await new Response(found.body as ReadableStream).text()).toBe("hello");
    await blobs.delete("jobs/1/b");
    await blobs.delete("jobs/1/b");
    expect([await blobs.stat("jobs/1/b"), await blobs.get("jobs/1/b")]).toEqual([undefined, undefined]);
    for (const name of ["c", "d", "e"]) await blobs.put(`jobs/1/${name}`, text(name));
    await blobs.put("jobs/10/f", text("f"));
    await blobs.deleteUnder("jobs/1");
    expect([...store.objects.keys()]).toEqual(["jobs/10/f"]);
    expect(readdirSync(scratch)).toEqual([]);
  });

  test("go up and down by signed links past the program, encrypted and under their names", async () => {
    const link = (op: "put" | "get", more = {}) =>
      blobs.presign({ op, key: "jobs/1/x (1).zip".replace(/[()]/g, ""), ttlS: 60, origin: "http://unused", ...more });
    expect((await fetch(link("put"), { method: "PUT", body: "up" })).status).toBe(200);
    expect([...store.objects.values()].map(({ encryption }) => encryption)).toEqual(["AES256"]);
    const download = { filename: "Ergebnis für Ada.zip", contentType: "application/zip" };
    const answer = await fetch(link("get", { download }));
    expect([answer.status, await answer.text(), answer.headers.get("content-type")]).toEqual([
      200,
      "up",
      "application/zip",
    ]);
    expect(answer.headers.get("content-disposition")).toContain("Ergebnis%20f%C3%BCr%20Ada.zip");
    expect((await fetch(link("get").replace("x%201", "y%201"))).status).toBe(403);
    expect((await fetch(link("put").replace("AES256", "none"), { method: "PUT", body: "up" })).status).toBe(403);
    expect((await fetch(link("get", { ttlS: -1 }))).status).toBe(403);
  });

  test("that are too large leave nothing, and a store that fails is told as 503 without its words", async () => {
    const outcome = (work: Promise<unknown>) =>
      work.then(
        () => undefined,
        (error: unknown) => error,
      );
    const tooLarge = (await outcome(blobs.put("a", text("12345"), 4))) as RequestError;
    expect([tooLarge.status, store.objects.size, readdirSync(scratch)]).toEqual([413, 0, []]);
    store.fail();
    const works = [
      () => blobs.put("a", text("x")),
      () => blobs.stat("a"),
      () => blobs.delete("a"),
      () => blobs.deleteUnder("a"),
    ];
    for (const work of works) {
      const error = (await outcome(work())) as RequestError;
      expect(error).toBeInstanceOf(RequestError);
      expect([error.status, error.message]).toEqual([503, "The store of blobs does not answer. Try again."]);
    }
    expect(((await outcome(blobs.put("../a", text("x")))) as RequestError).status).toBe(400);
  });
});
