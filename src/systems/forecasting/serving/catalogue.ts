import { openModelFolder } from "../inference/modelFolder";
import { type Manifest, sizeOfModel } from "../library/manifest";
import { modelFolder } from "../library/modelId";
import type { ModelTraits } from "../model";

/** What is told of a model that can be asked for. */
export interface CatalogueEntry {
  id: string;
  family: string;
  title: string;
  /** Where it came from: `built in`, `imported`, or the hub's repository and commit. */
  source: string;
  /** As its publisher names it; null where nothing says. */
  licence: string | null;
  /** Of all its files; 0 for a built-in one. */
  sizeBytes: number;
  /** SHA-256 of its weights; null for a built-in one. */
  digest: string | null;
  parameters: number;
  /** Points that it looks at; null where there is no limit. */
  maxContext: number | null;
  maxHorizon: number;
  /** Levels that it has a quantile for; null where it gives every level. */
  levels: readonly number[] | null;
}

const BUILT_IN = { source: "built in", licence: "the licence of this program", sizeBytes: 0, digest: null };

export function builtInEntry(traits: ModelTraits): CatalogueEntry {
  return { ...BUILT_IN, parameters: 0, ...told(traits) };
}

/** @throws UsageError when its files are not what they were. */
export function installedEntry(modelsDir: string, manifest: Manifest): CatalogueEntry {
  const { network } = openModelFolder(modelFolder(modelsDir, manifest.id), manifest.weights);
  const { source, licence, parameters, files } = manifest;
  const digest = files.find(({ name }) => name === manifest.weights)?.sha256 ?? null;
  return {
    source,
    licence,
    sizeBytes: sizeOfModel(manifest),
    digest,
    parameters,
    ...told({ ...network, id: manifest.id }),
  };
}

function told({ id, family, title, maxContext, maxHorizon, levels }: ModelTraits) {
  return {
    id,
    family,
    title,
    maxContext: Number.isFinite(maxContext) ? maxContext : null,
    maxHorizon,
    levels: levels === "any" ? null : levels,
  };
}
