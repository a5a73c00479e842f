import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run, type Served, serve } from "../support/program";

setDefaultTimeout(90_000);

let server: Served;
beforeAll(async () => {
  server = await serve(["--only", "market,chain,mqtt"]);
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
  rmSync(server.dataDir, { recursive: true });
});

const FIRST = "    M=http://localhost:8080";

/** The lines of docs/market.md from the one that names the server, as one copies them. */
function copied(): string[] {
  const lines = readFileSync(join(import.meta.dir, "../../docs/market.md"), "utf8").split("\n");
  const from = lines.indexOf(FIRST);
  const length = lines.slice(from).findIndex((line) => !line.startsWith("    "));
  return lines.slice(from, from + length).map((line) => line.trim());
}

async function walk(lines: string[]) {
  const script = lines.join("\necho\n").replace("http://localhost:8080", server.url);
  const shell = Bun.spawn(["sh", "-u", "-c", script], { stdout: "pipe", stderr: "pipe" });
  const [out, err] = await Promise.all([new Response(shell.stdout).text(), new Response(shell.stderr).text()]);
  return { out, err, code: await shell.exited };
}

test("the lines of curl lead from nothing to a receipt", async () => {
  const { out, err, code } = await walk(copied());
  expect([code, err]).toEqual([0, ""]);
  expect(out).not.toContain('"detail"');
  for (const expected of [
    '"workers":1,',
    '"balance":5',
    '"reliability":',
    '"state":"active"',
    '"duration_sec":120',
    '"settlement":{',
    '"reason":"stopped"',
    "time,kind,amount,balance,reference",
    ",deposit,5,5,",
  ]) {
    expect(out).toContain(expected);
  }
});

test("the command does the same", async () => {
  const login = { method: "POST", body: JSON.stringify({ account_id: "consumer-1" }) };
  const { api_key: key } = (await (await fetch(`${server.url}/api/auth/login`, login)).json()) as { api_key: string };
  const market = async (...args: string[]) => {
    const { code, out, err } = await run(["market", ...args, "--url", server.url], { env: { MARKET_KEY: key } });
    expect([args[0], code, err]).toEqual([args[0], 0, ""]);
    return out;
  };
  const start = { method: "POST", body: JSON.stringify({ workers: 1 }) };
  expect((await fetch(`${server.url}/api/simulator/start`, start)).status).toBe(200);
  expect(await market("offers")).toMatch(/^worker_id .*\nsim-worker-001 +0\.6 /);
  const { lease_id } = JSON.parse(await market("rent", "--seconds", "60", "--json"));
  expect(await market("leases")).toContain(lease_id);
  expect(await market("stop", lease_id)).toContain("total_cost");
  expect(await market("balance")).toContain("consumer-1");
  expect(await market("statement")).toContain("deposit");
  const refused = await run(["market", "stop", "lease-none", "--url", server.url]);
  expect([refused.code, refused.err]).toEqual([
    2,
    "foresight: The market answers 404: Lease not found or not active\n",
  ]);
  await fetch(`${server.url}/api/simulator/stop`, { method: "POST" });
});
