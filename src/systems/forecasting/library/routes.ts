import { type AnyElysia, Elysia } from "elysia";
import { messageOf, RequestError, UsageError } from "../../../platform/errors";
import { operation } from "../../../platform/http/api/operation";
import { detailShape, routesWithErrors } from "../../../platform/http/errorShape";
import { readJson, valid } from "../../../platform/http/input";
import type { Log } from "../../../platform/log";
import { type Access, FORECASTING_KEY } from "../access/bearer";
import type { ModelServer } from "../serving/modelServer";
import { removeModel } from "./library";
import type { Pulls } from "./pulls";
import { doneAnswer, libraryAnswer, modelRequest, pullRequest } from "./schema";

export interface LibraryRoutesOptions {
  log: Log;
  access: Access;
  models: ModelServer;
  pulls: Pulls;
  modelsDir: string;
  hub: string;
}

const SECURITY = [{ [FORECASTING_KEY]: [] }];
const MAX_BODY_BYTES = 4096;

/** Routes over the library of models (docs/forecasting.md, "Getting models"). */
export function libraryRoutes({ log, access, models, pulls, modelsDir, hub }: LibraryRoutesOptions): AnyElysia {
  async function idOf(request: Request): Promise<string> {
    access.admitOrPage(request);
    return valid(modelRequest, await readJson(request, MAX_BODY_BYTES), "body").id;
  }
  const routes = new Elysia({ tags: ["forecasting: models"] })
    .get(
      "/api/v1/models",
      async ({ request }) => {
        access.admitOrPage(request);
        const loaded = models.loaded();
        const entries = (await models.catalogue()).map((entry) => {
          const state =
            entry.digest === null ? ("built in" as const) : loaded.includes(entry.id) ? "loaded" : "on disk";
          return { ...entry, state } as const;
        });
        return { models: entries, pulls: pulls.list(), hub };
      },
      operation({ summary: "Models, and those on their way", answer: libraryAnswer, security: SECURITY }),
    )
    .post(
      "/api/v1/models/pull",
      async ({ request, set }) => {
        access.admitOrPage(request);
        const { id, accept_license } = valid(pullRequest, await readJson(request, MAX_BODY_BYTES), "body");
        pulls.start(id, accept_license);
        set.status = 202;
        return { message: `Pulling ${id}.` };
      },
      {
        parse: "none",
        ...operation({
          summary: "Pull a model from the hub",
          body: pullRequest,
          answer: doneAnswer,
          status: 202,
          security: SECURITY,
        }),
      },
    )
    .post(
      "/api/v1/models/stop",
      async ({ request }) => {
        const id = await idOf(request);
        if (!pulls.stop(id)) throw new RequestError(404, `${id} is not being pulled.`);
        return { message: `Stopped pulling ${id}; the next pull goes on from there.` };
      },
      {
        parse: "none",
        ...operation({ summary: "Stop a pull", body: modelRequest, answer: doneAnswer, security: SECURITY }),
      },
    )
    .post(
      "/api/v1/models/load",
      async ({ request }) => {
        const id = await idOf(request);
        await models.load(id);
        return { message: `Loaded ${id}.` };
      },
      {
        parse: "none",
        ...operation({
          summary: "Load the weights of a model",
          body: modelRequest,
          answer: doneAnswer,
          security: SECURITY,
        }),
      },
    )
    .post(
      "/api/v1/models/unload",
      async ({ request }) => {
        const id = await idOf(request);
        const was = await models.unload(id);
        return { message: was ? `Unloaded ${id}.` : `${id} was not loaded.` };
      },
      {
        parse: "none",
        ...operation({
          summary: "Give the memory of a model back",
          body: modelRequest,
          answer: doneAnswer,
          security: SECURITY,
        }),
      },
    )
    .post(
      "/api/v1/models/remove",
      async ({ request }) => {
        const id = await idOf(request);
        await models.unload(id);
        await removeModel(modelsDir, id).catch((error: unknown) => {
          throw error instanceof UsageError ? new RequestError(404, messageOf(error)) : error;
        });
        return { message: `Removed ${id}.` };
      },
      {
        parse: "none",
        ...operation({ summary: "Remove a model", body: modelRequest, answer: doneAnswer, security: SECURITY }),
      },
    );
  return routesWithErrors("forecasting library", detailShape, log).use(routes);
}
