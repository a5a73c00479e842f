import { type AnyElysia, Elysia } from "elysia";
import { messageOf, RequestError, UsageError } from "../../../platform/errors";
import { operation } from "../../../platform/http/api/operation";
import { detailShape, routesWithErrors } from "../../../platform/http/errorShape";
import { readJson, valid } from "../../../platform/http/input";
import type { Log } from "../../../platform/log";
import { type Access, FORECASTING_KEY } from "../access/bearer";
import type { CatalogueEntry } from "../serving/catalogue";
import type { ModelServer } from "../serving/modelServer";
import { removeModel } from "./library";
import type { Pulls } from "./pulls";
import { doneAnswer, type LibraryModel, libraryAnswer, modelRequest, pullRequest } from "./schema";

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
export function libraryRoutes(options: LibraryRoutesOptions): AnyElysia {
  const routes = new Elysia({ tags: ["forecasting: models"] }).use(listRoute(options)).use(pullRoute(options));
  for (const [name, { summary, act }] of Object.entries(acts(options))) {
    routes.post(
      `/api/v1/models/${name}`,
      async ({ request }) => {
        options.access.admitOrPage(request);
        const { id } = valid(modelRequest, await readJson(request, MAX_BODY_BYTES), "body");
        return { message: await act(id) };
      },
      { parse: "none", ...operation({ summary, body: modelRequest, answer: doneAnswer, security: SECURITY }) },
    );
  }
  return routesWithErrors("forecasting library", detailShape, options.log).use(routes);
}

/** What is done with the model of an id, and the sentence that says so. */
function acts({ models, pulls, modelsDir }: LibraryRoutesOptions) {
  return {
    stop: {
      summary: "Stop a pull, or forget one that failed",
      async act(id: string) {
        if (!pulls.stop(id)) throw new RequestError(404, `${id} is not being pulled.`);
        return `Stopped pulling ${id}; the next pull goes on from there.`;
      },
    },
    load: {
      summary: "Load the weights of a model",
      async act(id: string) {
        await models.load(id);
        return `Loaded ${id}.`;
      },
    },
    unload: {
      summary: "Give the memory of a model back",
      async act(id: string) {
        return (await models.unload(id)) ? `Unloaded ${id}.` : `${id} was not loaded.`;
      },
    },
    remove: {
      summary: "Remove a model",
      async act(id: string) {
        await models.unload(id);
        await removeModel(modelsDir, id).catch((error: unknown) => {
          throw error instanceof UsageError ? new RequestError(404, messageOf(error)) : error;
        });
        return `Removed ${id}.`;
      },
    },
  };
}

function listRoute({ access, models, pulls, hub }: LibraryRoutesOptions) {
  return new Elysia().get(
    "/api/v1/models",
    async ({ request }) => {
      access.admitOrPage(request);
      const loaded = models.loaded();
      const entries = (await models.catalogue()).map((entry) => ({ ...entry, state: stateOf(entry, loaded) }));
      return { models: entries, pulls: pulls.list(), hub };
    },
    operation({ summary: "Models, and those on their way", answer: libraryAnswer, security: SECURITY }),
  );
}

function stateOf({ id, digest }: CatalogueEntry, loaded: readonly string[]): LibraryModel["state"] {
  if (digest === null) return "built in";
  return loaded.includes(id) ? "loaded" : "on disk";
}

function pullRoute({ access, pulls }: LibraryRoutesOptions) {
  return new Elysia().post(
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
  );
}
