import { join } from "node:path";
import { importModel, KNOWN_API_KEY, modelsDirOf } from "../../../../src/systems/forecasting";
import { type Served, scratchFolder, serve } from "../../../support/program";
import { GOLDENS } from "../goldens";

/** The recorded models by the ids under which tests import them. */
const MODELS: Record<string, string> = {
  tiny20: "timesfm/tiny-2.0",
  tiny10: "timesfm/tiny-1.0",
  tiny25: "timesfm/tiny-2.5",
  bolt: "chronos-bolt",
};

/** The forecasting system alone, with these models imported. */
export async function serveModels(ids: readonly string[], env: Record<string, string> = {}): Promise<Served> {
  const dataDir = scratchFolder();
  for (const id of ids) {
    const from = join(GOLDENS, MODELS[id]!);
    await importModel({ modelsDir: modelsDirOf(dataDir), from, id, now: "2026-01-01T00:00:00Z" });
  }
  const all = { FORECAST_MAX_LOADED: "4", FORECAST_THREADS: "1", WORKERS: "2", ...env };
  return serve(["--only", "forecasting"], { dataDir, env: all });
}

export const AUTHORIZED = { authorization: `Bearer ${KNOWN_API_KEY}` };

/** What a route of the service answers to a JSON body. */
export async function post(served: Served, path: string, body: unknown, headers: Record<string, string> = AUTHORIZED) {
  const answer = await fetch(served.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}
