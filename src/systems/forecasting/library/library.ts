import { existsSync } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../../platform/errors";
import { sha256OfFile } from "./digest";
import { type Manifest, readManifest } from "./manifest";
import { modelFolder } from "./modelId";

/** The folder of all models, in the data folder. */
export function modelsDirOf(dataDir: string): string {
  return join(dataDir, "models");
}

/** The models that are there, by id. Folders that are no model of ours are passed over. */
export async function listModels(modelsDir: string): Promise<Manifest[]> {
  if (!existsSync(modelsDir)) return [];
  const names = (await readdir(modelsDir)).filter((name) => !name.startsWith("."));
  const manifests = names.flatMap((name) => readManifest(join(modelsDir, name)) ?? []);
  return manifests.sort((left, right) => (left.id < right.id ? -1 : 1));
}

/** A model that is there. @throws UsageError that says how to get it, where it is not. */
export function findModel(modelsDir: string, id: string): Manifest {
  const manifest = readManifest(modelFolder(modelsDir, id));
  if (manifest !== undefined) return manifest;
  throw new UsageError(
    `There is no model ${id} here. Get it with: foresight model pull ${id}, or model import DIR --as ${id}.`,
  );
}

/** How a file of a model differs from what was installed. */
export interface Damage {
  file: string;
  expected: string;
  got: string;
}

/** Reads every file of a model anew and compares sizes and digests. @throws UsageError when there is no such model. */
export async function verifyModel(modelsDir: string, id: string): Promise<Damage[]> {
  const folder = modelFolder(modelsDir, id);
  const damages: Damage[] = [];
  for (const { name, sizeBytes, sha256 } of findModel(modelsDir, id).files) {
    const path = join(folder, name);
    if (!existsSync(path)) {
      damages.push({ file: name, expected: `${sizeBytes} bytes`, got: "no file" });
      continue;
    }
    const size = (await stat(path)).size;
    if (size !== sizeBytes) damages.push({ file: name, expected: `${sizeBytes} bytes`, got: `${size} bytes` });
    else {
      const found = await sha256OfFile(path);
      if (found !== sha256) damages.push({ file: name, expected: `sha256 ${sha256}`, got: `sha256 ${found}` });
    }
  }
  return damages;
}

/** Removes a model, whole at once. @throws UsageError when there is no such model. */
export async function removeModel(modelsDir: string, id: string): Promise<void> {
  const folder = modelFolder(modelsDir, id);
  if (!existsSync(folder)) findModel(modelsDir, id);
  const gone = join(modelsDir, `.${crypto.randomUUID()}.removed`);
  await rename(folder, gone);
  await rm(gone, { recursive: true, force: true });
}
