import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { importModel, KNOWN_API_KEY, modelsDirOf } from "../../../../src/systems/forecasting";
import { type Served, scratchFolder, serve } from "../../../support/program";
import { GOLDENS } from "../goldens";

/** Where the recorded exchanges of the original and their uploads lie. */
export const RECORDED = join(GOLDENS, "timesfm/http");

/** A service with the recorded uploads, and the small weights in the place of the large ones. */
export async function serveRecorded(env: Record<string, string> = {}, only = "forecasting"): Promise<Served> {
  const dataDir = scratchFolder();
  const uploads = uploadsOf(dataDir);
  mkdirSync(uploads, { recursive: true });
  for (const file of readdirSync(RECORDED).filter((name) => name.endsWith(".csv"))) {
    copyFileSync(join(RECORDED, file), join(uploads, file));
  }
  await importModel({
    modelsDir: modelsDirOf(dataDir),
    from: join(GOLDENS, "timesfm/tiny-2.0"),
    id: "google/timesfm-2.0-500m-pytorch",
    now: "2026-01-01T00:00:00Z",
  });
  return serve(["--only", only], { dataDir, env: { FORECASTING_PORT: "0", ...env } });
}

export function uploadsOf(dataDir: string): string {
  return join(dataDir, "forecasting/uploads");
}

interface Answered<Body> {
  status: number;
  body: Body;
}

/** Calls one of the original's routes with the known key. */
export async function callModel<Body = Record<string, unknown>>(
  url: string,
  route: "initialization" | "status" | "inference" | "shutdown",
  body?: unknown,
  model = "timesfm20",
): Promise<Answered<Body>> {
  const answer = await fetch(`${url}/api/v1/${model}/${route}`, {
    method: route === "status" ? "GET" : "POST",
    headers: { authorization: `Bearer ${KNOWN_API_KEY}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Body };
}
