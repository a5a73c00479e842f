import { expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";

setDefaultTimeout(30_000);

// In a process of its own: what other tests leave behind and is collected meanwhile would be measured with it.
test("what clients make the broker keep is counted with what it takes, and bounded", async () => {
  const child = Bun.spawn([process.execPath, "test", "--timeout=30000", join(import.meta.dir, "memory.fixture.ts")], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const said = await new Response(child.stderr).text();
  expect(await child.exited, said).toBe(0);
  expect(said).toContain(" 0 fail");
}, 60_000);
