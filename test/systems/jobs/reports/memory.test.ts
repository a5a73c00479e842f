import { expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";

setDefaultTimeout(30_000);

/** Resident memory of a process that sets a table of so many rows, in bytes, and how long the report took. */
async function measure(rows: number): Promise<{ residentBytes: number; userMs: number; pages: number }> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "memory.fixture.ts"), String(rows)], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const said = await new Response(child.stdout).json();
  expect(await child.exited).toBe(0);
  return said;
}

test("a table of 200,000 rows takes no more than 600 MB, whatever it took to read it", async () => {
  const { residentBytes, userMs, pages } = await measure(200_000);
  process.stderr.write(
    `measured: ${(residentBytes / 1e6).toFixed(0)} MB and ${(userMs / 1000).toFixed(1)} s of a core for a table of 200,000 rows\n`,
  );
  expect(pages).toBeGreaterThan(30);
  expect(residentBytes).toBeLessThan(600e6);
}, 120_000);
