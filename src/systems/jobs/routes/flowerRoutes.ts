import { timingSafeEqual } from "node:crypto";
import { Elysia } from "elysia";
import { z } from "zod";
import { RequestError } from "../../../platform/errors";
import { valid } from "../../../platform/http/input";
import { flowerQueues, flowerTask, flowerWorkers } from "../monitor/flower";
import type { Monitor } from "../monitor/service";
import { jobPath, page } from "../schema/simulations";

const limitQuery = z.object({ limit: page.limit });

/** The subset of Flower's API that dashboards read, behind a user and a password; docs/jobs.md, "Monitoring". */
export function flowerRoutes(base: string, monitor: Monitor, userAndPassword: string) {
  const idIn = (params: unknown) => valid(jobPath, params, "path").job_id;
  return new Elysia({ prefix: base })
    .onBeforeHandle(({ request }) => refuseOthers(request, userAndPassword))
    .get("/workers", () => flowerWorkers(monitor), { detail: { hide: true } })
    .get(
      "/tasks",
      async ({ query }) => {
        const tasks = await monitor.tasks({}, valid(limitQuery, query, "query").limit);
        return Object.fromEntries(tasks.map((job) => [job.id, flowerTask(job)]));
      },
      { detail: { hide: true } },
    )
    .get("/task/info/:job_id", async ({ params }) => flowerTask(await monitor.task(idIn(params))), {
      detail: { hide: true },
    })
    .get("/queues/length", () => flowerQueues(monitor), { detail: { hide: true } })
    .post(
      "/task/revoke/:job_id",
      async ({ params }) => {
        const id = idIn(params);
        await monitor.revoke(id);
        return { message: `Revoked '${id}'` };
      },
      { detail: { hide: true } },
    );
}

function refuseOthers({ headers }: Request, userAndPassword: string): void {
  const given = /^basic +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
  const hashOf = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest();
  const isRight = timingSafeEqual(hashOf(Buffer.from(given, "base64").toString()), hashOf(userAndPassword));
  if (isRight) return;
  throw new RequestError(401, "This asks for the user and password of FLOWER_BASIC_AUTH.", {
    headers: { "www-authenticate": 'Basic realm="flower"' },
  });
}
