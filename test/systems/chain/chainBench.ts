import { expect } from "bun:test";
import { loadConfig } from "../../../src/config/load";
import { systemClock } from "../../../src/platform/clock";
import { type DataFolder, openDatabase } from "../../../src/platform/database";
import { createLog } from "../../../src/platform/log";
import { createChainSystem } from "../../../src/systems/chain";

export const log = createLog({ level: "error", clock: systemClock, sink: () => undefined });

/** Half past twelve, local time; tests move it. */
export const time = { nowMs: new Date(2026, 0, 1, 12, 30).getTime() };
export const clock = { ...systemClock, now: () => time.nowMs };

/** A database in a folder, or in memory. */
export function openTestDatabase(data?: DataFolder) {
  const place = data === undefined ? {} : { folder: data };
  return openDatabase({ ...place, version: "test", clock, onSamplesError: (error) => expect(error).toBeUndefined() });
}

/** A chain of its own on a database in memory, called as HTTP does. */
export async function chainWith(environment: Record<string, string> = {}) {
  const opened = await openTestDatabase();
  const system = createChainSystem({ config: loadConfig({ environment }).values, clock, log, database: opened });
  await system.start();
  async function call(path: string, body?: unknown) {
    const init =
      body === undefined ? {} : { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) };
    const answer = await system.routes.handle(new Request(`http://localhost${path}`, init));
    return { status: answer.status, body: await answer.json() };
  }
  return { system, call, close: () => opened.close() };
}

let keys = 0;
/** A key that no test has used yet, with the start that is asked for. */
export const newKey = (start = "") => start + (++keys).toString(16).padStart(64 - start.length, "0");
/** A good block, but for the changes. */
export const block = (changes: Record<string, unknown> = {}) => ({
  hash_to_verify: "aaXEN11bb",
  key: newKey(),
  account: "0xCDcd",
  attempts: "150000",
  hashes_per_second: "1250.75",
  worker: "w1",
  ...changes,
});
