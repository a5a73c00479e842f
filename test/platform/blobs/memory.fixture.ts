import { expect, test } from "bun:test";
import { MIB, openBlobs } from "./blobServer";

test("256 MiB up and down add less than 150 MB of memory", async () => {
  const { link } = openBlobs(300 * MIB);
  const piece = new Uint8Array(MIB).fill(7);
  const script = `
    const piece = new Uint8Array(${MIB}).fill(7);
    let sent = 0;
    const body = new ReadableStream({ pull(c) { if (sent++ === 256) c.close(); else c.enqueue(piece); } });
    const up = await fetch(process.argv[1], { method: "PUT", body });
    let received = 0;
    const down = await fetch(process.argv[2]);
    for await (const chunk of down.body) received += chunk.byteLength;
    console.log(up.status, received);
  `;
  Bun.gc(true);
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 5);
  // Another process sends, so that only the server's memory is seen.
  const client = Bun.spawn([process.execPath, "-e", script, link("put", "large"), link("get", "large")], {
    stdout: "pipe",
  });
  const out = await new Response(client.stdout).text();
  clearInterval(watch);
  expect(out.trim()).toBe(`200 ${256 * piece.byteLength}`);
  expect(peak - before).toBeLessThan(150e6);
});
