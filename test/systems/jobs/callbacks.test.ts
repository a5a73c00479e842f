import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHmac } from "node:crypto";
import { isPublicAddress } from "../../../src/platform/http/outside/address";
import { sendPost } from "../../../src/systems/jobs/callbacks/send";
import { atTestEnd } from "../../support/endings";
import { until } from "../../support/until";
import { startJobsForTest } from "./startJobsForTest";
import type { Caller } from "./support";

setDefaultTimeout(60_000);

interface Received {
  headers: Headers;
  body: string;
}

/** Somebody who is called back, and answers with these statuses one after another, then with 200. */
function receiver(statuses: number[] = [], headers: Record<string, string> = {}) {
  const received: Received[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      received.push({ headers: request.headers, body: await request.text() });
      return new Response("x".repeat(100_000), { status: statuses[received.length - 1] ?? 200, headers });
    },
  });
  atTestEnd(() => server.stop(true));
  return { received, url: `http://127.0.0.1:${server.port}/hook`, port: server.port! };
}

interface Delivery {
  id: string;
  status: string;
  tries: number;
  http_status: number | null;
  error: string | null;
}

async function settled(user: Caller, id: string): Promise<Delivery> {
  let found: Delivery | undefined;
  await until(async () => {
    found = (await user.call<Delivery[]>("GET", `/simulations/${id}/deliveries`)).body[0];
    return found !== undefined && found.status !== "PENDING";
  }, "the delivery");
  return found!;
}

describe("a call-back", () => {
  test("tells the end of a job, signed with the user's own secret, and can be sent again", async () => {
    const server = await startJobsForTest({ CALLBACK_ALLOW_PRIVATE: "true" });
    const user = await server.user();
    const secret = (await user.call<{ webhook_secret: string }>("POST", "/auth/webhook-secret")).body.webhook_secret;
    const { received, url } = receiver();
    const id = await user.submit("selftest", {}, { callback_url: url });
    expect(await settled(user, id)).toMatchObject({ status: "DELIVERED", tries: 1, http_status: 200, error: null });
    const { headers, body } = received[0]!;
    const job = await user.status(id);
    expect(JSON.parse(body)).toEqual({ job_id: id, status: "COMPLETED", completed_at: job.completed_at, error: null });
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers.get("x-signature")!)!;
    expect(v1).toBe(createHmac("sha256", secret).update(`${t}.${body}`).digest("hex"));
    expect(Math.abs(Number(t) - Date.now() / 1000)).toBeLessThan(60);
    const delivery = await settled(user, id);
    expect(headers.get("x-delivery-id")).toBe(delivery.id);
    expect((await user.call("POST", `/simulations/${id}/deliveries/${delivery.id}/resend`)).status).toBe(202);
    await until(() => received.length === 2, "the second delivery");
    expect(received[1]!.headers.get("x-delivery-id")).toBe(delivery.id);
    expect(received[1]!.body).toBe(body);
  });

  test("is tried three times with the same id; a failed job is told with its error", async () => {
    const server = await startJobsForTest({ CALLBACK_ALLOW_PRIVATE: "true" });
    const user = await server.user();
    const { received, url } = receiver([500, 503, 500, 500]);
    const id = await user.submit("no such type", {}, { callback_url: url });
    expect(await settled(user, id)).toMatchObject({ status: "FAILED", tries: 3, http_status: 500 });
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ headers }) => headers.get("x-delivery-id"))).size).toBe(1);
    expect(JSON.parse(received[0]!.body)).toMatchObject({ status: "FAILED", error: { code: "NO_HANDLER" } });
  });

  test("to this machine is refused without a connection, once, and the reason is told", async () => {
    const server = await startJobsForTest();
    const user = await server.user();
    const { received, port } = receiver();
    const places = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"];
    for (const host of places) {
      const id = await user.submit("selftest", {}, { callback_url: `http://${host}:${port}/` });
      expect(await settled(user, id)).toMatchObject({ status: "FAILED", tries: 1, http_status: null });
    }
    expect(received).toEqual([]);
  });

  test("does not follow a redirect", async () => {
    const server = await startJobsForTest({ CALLBACK_ALLOW_PRIVATE: "true" });
    const user = await server.user();
    const inside = receiver();
    const { url } = receiver([302, 302, 302], { location: inside.url });
    const id = await user.submit("selftest", {}, { callback_url: url });
    expect(await settled(user, id)).toMatchObject({ status: "FAILED", http_status: 302 });
    expect(inside.received).toEqual([]);
  });
});

describe("an address that somebody named", () => {
  const post = (url: string, resolve?: (name: string) => Promise<string[]>) =>
    sendPost({ url, body: "{}", headers: {}, allowPrivate: false, ...(resolve && { resolve }) });

  // formbricks#7954, sutando#540
  test("is resolved once: a name that led to the public network before leads nowhere else at the connection", async () => {
    const { received, port } = receiver();
    const answers = [["127.0.0.1"], ["93.184.216.34"]];
    let asked = 0;
    const sent = await post(`http://rebinding.example:${port}/`, async () => answers[asked++]!);
    expect([sent.kind, asked, received.length]).toEqual(["refused", 1, 0]);
  });

  test("one inside address among many is enough to refuse it", async () => {
    const sent = await post("http://mixed.example/", async () => ["93.184.216.34", "10.0.0.1"]);
    expect(sent).toEqual({ kind: "refused", error: expect.stringContaining("10.0.0.1") });
  });

  test.each(["ftp://example.org/", "file:///etc/passwd", "http://user:pass@example.org/", "nonsense", ""])(
    "%p is refused",
    async (url) => {
      expect((await post(url)).kind).toBe("refused");
    },
  );

  test.each([
    ["8.8.8.8", true],
    ["172.15.255.255", true],
    ["172.16.0.0", false],
    ["172.31.255.255", false],
    ["169.254.169.254", false],
    ["100.64.0.1", false],
    ["0.0.0.0", false],
    ["224.0.0.1", false],
    ["255.255.255.255", false],
    ["2606:4700::1111", true],
    ["::1", false],
    ["::", false],
    ["fe80::1%eth0", false],
    ["fc00::1", false],
    ["ff02::1", false],
    ["::ffff:10.0.0.1", false],
    ["::ffff:8.8.8.8", true],
    ["64:ff9b::7f00:1", false],
    ["2002:7f00:1::", false],
    ["2001:db8::1", false],
    ["not an address", false],
  ])("%s is public: %p", (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });
});
