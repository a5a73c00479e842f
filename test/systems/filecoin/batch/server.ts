import { Elysia } from "elysia";
import type { WorkPool } from "../../../../src/platform/compute/pool";
import { routesWithErrors } from "../../../../src/platform/http/errorShape";
import { fastApiErrors } from "../../../../src/platform/http/fastapi/errors";
import type { Log } from "../../../../src/platform/log";
import type { Card } from "../../../../src/systems/filecoin/batch/gpu/card";
import { createEitherEngine } from "../../../../src/systems/filecoin/batch/gpu/eitherEngine";
import { batchRoutes } from "../../../../src/systems/filecoin/batch/routes";
import { costOf, createCpuBatchEngine } from "../../../../src/systems/filecoin/batch/run/cpuEngine";
import { MAX_RUNS } from "../../../../src/systems/filecoin/batch/schema/requests";
import { createBatchService } from "../../../../src/systems/filecoin/batch/service";
import { history, startPool } from "./support";

export interface BatchServer {
  pool: WorkPool;
  post: (path: string, body: unknown, init?: RequestInit) => Promise<Response>;
  stop: () => Promise<void>;
}

/** The routes of many futures on a free port, with the product's Workers. */
export function startServer(card?: Card): BatchServer {
  const pool = startPool(2);
  const log = { write: () => undefined } as unknown as Log;
  const config = { FILECOIN_KNOWN_TRIM: "none", COMPUTE_MAX_WAIT_S: 5 } as const;
  const cpu = createCpuBatchEngine(pool);
  const engine =
    card === undefined
      ? { run: cpu.run, maxRuns: () => MAX_RUNS, costOf }
      : createEitherEngine({
          cpu,
          card,
          workers: () => 2,
          maxWaitS: config.COMPUTE_MAX_WAIT_S,
          history: () => history,
          onDone: () => undefined,
        });
  const { maxRuns } = engine;
  const service = createBatchService({ pool, config, engine, history: () => history, maxRuns, costOf: engine.costOf });
  const routes = batchRoutes(service, { MAX_BODY_BYTES: 1e6 }, log);
  const app = new Elysia()
    .use(routesWithErrors("filecoin", fastApiErrors, log).use(routes))
    .listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${app.server!.port}`;
  return {
    pool,
    post: (path, body, init = {}) =>
      fetch(`${url}/simulate/${path}`, {
        method: "POST",
        body: typeof body === "string" ? body : JSON.stringify(body),
        ...init,
      }),
    async stop() {
      await app.stop(true);
      await pool.stop();
    },
  };
}
