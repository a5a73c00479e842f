import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Served, scratchFolder, serve } from "../../support/program";

setDefaultTimeout(30_000);

const dataDir = scratchFolder();
const backupDir = join(dataDir, "kept", "backups");
let program: Served;

beforeAll(async () => {
  program = await serve(["--only", "mqtt"], { dataDir, env: { BACKUP_DIR: backupDir } });
});

afterAll(async () => {
  await program.stop();
  await rm(dataDir, { recursive: true });
});

test.each(["cross-site", "same-site"])(
  "no page of elsewhere (%s) may fill the disk through a browser",
  async (site) => {
    const headers = { "sec-fetch-site": site };
    const answer = await fetch(`${program.url}/api/system/backup`, { method: "POST", headers });
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining("this server's own page")]);
  },
);

test("a folder of backups inside the data folder is refused in a sentence that says what to set", async () => {
  const answer = await fetch(`${program.url}/api/system/backup`, { method: "POST" });
  expect(answer.status).toBe(422);
  const { detail } = (await answer.json()) as { detail: string };
  expect(detail).toContain("BACKUP_DIR");
  expect(detail).toContain(backupDir);
  expect(await Bun.file(backupDir).exists()).toBe(false);
});
