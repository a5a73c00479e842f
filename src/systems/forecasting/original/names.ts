import type { CatalogueEntry } from "../serving/catalogue";

/** A model as the original's paths and answers name it. */
export interface OriginalModel {
  /** The part of its paths: `/api/v1/timesfm20/...`. */
  path: string;
  /** What it is called here. */
  id: string;
  name: string;
  version: string;
  description: string;
  defaultPort: number;
}

/** The models that the original names, the one that it serves first. */
const KNOWN: readonly OriginalModel[] = [
  {
    path: "timesfm20",
    id: "google/timesfm-2.0-500m-pytorch",
    name: "TimesFM 2.0",
    version: "2.0.500m",
    description: "Google's TimesFM 2.0 - 500M parameter foundation model for time series forecasting",
    defaultPort: 8001,
  },
  {
    path: "timesfm25",
    id: "google/timesfm-2.5-200m-pytorch",
    name: "TimesFM 2.5",
    version: "2.5.200m",
    description: "Google's TimesFM 2.5: 200 million parameters, contexts of up to 16,384 points",
    defaultPort: 8002,
  },
];

/** What the original serves. */
export const FIRST_MODEL = KNOWN[0]!;

/** What has a port of its own in the original too. */
export const SECOND_MODEL = KNOWN[1]!;

/** Where its source keeps a model, as its clients may read it. */
export function modulesOf({ path }: OriginalModel) {
  const module = `api.models.${path}`;
  return { module, router_path: `${module}.routes.endpoints`, service_path: `${module}.services.model` };
}

const SLASH_IN_PATH = "--";

/** A part of a path is a name of the original, or an id of ours with its slash written `--`. */
export function modelAt(path: string): OriginalModel {
  const known = KNOWN.find((model) => model.path === path || model.id === path);
  if (known !== undefined) return known;
  const id = path.replace(SLASH_IN_PATH, "/");
  return { path: id.replace("/", SLASH_IN_PATH), id, name: id, version: "", description: "", defaultPort: 0 };
}

/** The same for a model that is told of. */
export function modelOf({ id, title, family }: Pick<CatalogueEntry, "id" | "title" | "family">): OriginalModel {
  const model = modelAt(id);
  return model.version === "" ? { ...model, name: title, version: family, description: title } : model;
}
