import type { OpenedModel } from "../native/openedModel";
import type { ModelServer } from "./modelServer";

/** A model, ready to forecast, with what an answer tells of it. @throws RequestError as {@link ModelServer.open} */
export async function openedModel(models: ModelServer, id: string): Promise<OpenedModel> {
  const model = await models.open(id);
  const isBuiltIn = (await models.builtIn()).some(({ traits }) => traits.id === id);
  if (isBuiltIn) return { model, stamp: { digest: null, device: "CPU", precision: "f64" }, warnings: [] };
  const { device, precision, warnings } = await models.load(id);
  const entry = (await models.catalogue()).find((one) => one.id === id);
  return { model, stamp: { digest: entry?.digest ?? null, device, precision }, warnings };
}
