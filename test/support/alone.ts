import { expect } from "bun:test";

/**
 * Runs a file of tests in a process of its own, and expects all of them to pass: what other tests leave behind, and what
 * is collected meanwhile, would be measured with them.
 */
export async function expectPassesAlone(path: string): Promise<void> {
  const child = Bun.spawn([process.execPath, "test", "--timeout=60000", path], { stdout: "pipe", stderr: "pipe" });
  const said = await new Response(child.stderr).text();
  expect(await child.exited, said).toBe(0);
  expect(said).toContain(" 0 fail");
}
