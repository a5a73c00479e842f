import { afterAll, expect, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Served, scratchFolder, serve } from "../../support/program";

const dataDir = scratchFolder();
let program: Served | undefined;

afterAll(async () => {
  await program?.stop();
  await rm(dataDir, { recursive: true });
});

test("a folder of backups inside the data folder is refused in a sentence that says what to set", async () => {
  const backupDir = join(dataDir, "kept", "backups");
  program = await serve(["--only", "mqtt"], { dataDir, env: { BACKUP_DIR: backupDir } });
  const answer = await fetch(`${program.url}/api/system/backup`, { method: "POST" });
  expect(answer.status).toBe(422);
  const { detail } = (await answer.json()) as { detail: string };
  expect(detail).toContain("BACKUP_DIR");
  expect(detail).toContain(backupDir);
  expect(await Bun.file(backupDir).exists()).toBe(false);
});
