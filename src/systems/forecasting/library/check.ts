import { bytesText, type Check, type Finding } from "../../../platform/doctor/check";
import { listModels, modelsDirOf } from "./library";
import { type Manifest, sizeOfModel } from "./manifest";

/** Which models with weights are on this machine. */
export function libraryCheck(dataDir: string): Check {
  return { name: "models", run: async () => findingOn(await listModels(modelsDirOf(dataDir))) };
}

function findingOn(models: readonly Manifest[]): Finding {
  const sizeBytes = models.reduce((sum, model) => sum + sizeOfModel(model), 0);
  const figures = { models: models.length, sizeBytes };
  if (models.length === 0) {
    const found = "no weights of forecasting models; the built-in models need none";
    return { outcome: "missing", found, advice: "Get some with: foresight model pull OWNER/NAME.", figures };
  }
  const found = `${models.map(({ id }) => id).join(", ")}: ${bytesText(sizeBytes)}`;
  return { outcome: "works", found, advice: null, figures };
}
