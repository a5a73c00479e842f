import { Elysia } from "elysia";
import { routesWithErrors } from "../../platform/http/errorShape";
import { fastApiErrors } from "../../platform/http/fastapi/errors";
import { refuseHead } from "../../platform/http/refuseHead";
import type { Log } from "../../platform/log";
import { authRoutes } from "./routes/authRoutes";
import { eventRoutes } from "./routes/eventRoutes";
import { flowerRoutes } from "./routes/flowerRoutes";
import { handlerRoutes } from "./routes/handlerRoutes";
import { monitorRoutes } from "./routes/monitorRoutes";
import { reportRoutes } from "./routes/reportRoutes";
import { scheduleRoutes } from "./routes/scheduleRoutes";
import { deliveryRoutes, simulationRoutes } from "./routes/simulationRoutes";
import { storageRoutes } from "./routes/storageRoutes";

export { createAccess } from "./routes/access";
export { JOBS_BEARER } from "./routes/describe";

interface JobsRoutesOptions {
  log: Log;
  auth: Parameters<typeof authRoutes>;
  simulations: Parameters<typeof simulationRoutes>[0];
  events: Parameters<typeof eventRoutes>[0];
  reports: Parameters<typeof reportRoutes>;
  schedules: Parameters<typeof scheduleRoutes>;
  handlers: Parameters<typeof handlerRoutes>;
  monitor: Parameters<typeof monitorRoutes>;
  storage: Parameters<typeof storageRoutes>;
}

/** HTTP of jobs and reports (docs/jobs.md). */
export function jobsRoutes({
  log,
  auth,
  simulations,
  events,
  reports,
  schedules,
  handlers,
  monitor,
  storage,
}: JobsRoutesOptions) {
  return routesWithErrors("jobs", fastApiErrors, log)
    .onBeforeHandle(refuseHead)
    .use(
      new Elysia()
        .use(authRoutes(...auth))
        .use(simulationRoutes(simulations))
        .use(deliveryRoutes(simulations))
        .use(eventRoutes(events))
        .use(reportRoutes(...reports))
        .use(scheduleRoutes(...schedules))
        .use(handlerRoutes(...handlers))
        .use(monitorRoutes(...monitor))
        .use(storageRoutes(...storage)),
    );
}

/** Flower's API alone, where its user and password are set. */
export function flowerAlone(log: Log, ...flower: Parameters<typeof flowerRoutes>) {
  return routesWithErrors("flower", fastApiErrors, log).use(flowerRoutes(...flower));
}
