import { existsSync } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { messageOf, UsageError } from "../../../platform/errors";
import { replaceFile } from "../../../platform/replaceFile";
import { parameterCountOf } from "../checkpoint/checkpoint";
import { openModelFolder } from "../inference/modelFolder";
import { sha256OfFile } from "./digest";
import { MANIFEST_FILE, type Manifest, type ManifestFile } from "./manifest";
import { modelFolder } from "./modelId";

/** What whoever brings a model says of it. */
export interface Provenance {
  id: string;
  licence: string | null;
  source: string;
  addedAt: string;
}

/** @throws UsageError when a model of that id is there already. */
export function refuseInstalled(modelsDir: string, id: string): void {
  if (!existsSync(modelFolder(modelsDir, id))) return;
  throw new UsageError(
    `A model ${id} is there already. Remove it first (model remove ${id}), or name another (--as ID).`,
  );
}

/**
 * Makes a finished folder a model: checks that its weights are understood, writes its manifest, and moves it into its place
 * by one rename, so that a model is there whole or not at all.
 * @param staging a folder on the same disk that holds the files, and is gone afterwards
 * @throws UsageError when the files are no model that is understood; the staging folder is left then.
 */
export async function installModel(
  modelsDir: string,
  staging: string,
  files: readonly string[],
  provenance: Provenance,
): Promise<Manifest> {
  const { checkpoint, network } = openModelFolder(staging, files[0]!);
  // Assembles everything once: a missing tensor shows here, not at the first forecast.
  network.graph();
  const manifest: Manifest = {
    ...provenance,
    family: network.family,
    title: network.title,
    weights: basename(checkpoint.path),
    parameters: parameterCountOf(checkpoint),
    files: await Promise.all(files.map((name) => described(staging, name))),
  };
  await replaceFile(join(staging, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  await moveIntoPlace(staging, modelFolder(modelsDir, provenance.id), provenance.id);
  await syncFolder(modelsDir);
  return manifest;
}

async function described(folder: string, name: string): Promise<ManifestFile> {
  const path = join(folder, name);
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  return { name, sizeBytes: (await stat(path)).size, sha256: await sha256OfFile(path) };
}

async function moveIntoPlace(staging: string, folder: string, id: string): Promise<void> {
  try {
    await rename(staging, folder);
  } catch (error) {
    if (existsSync(folder)) throw new UsageError(`A model ${id} came to be there meanwhile; the new one was left out.`);
    throw new Error(`${folder} cannot be made: ${messageOf(error)}`);
  }
}

/** Without it, the rename may be lost with the power. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** An empty folder beside the models, whose name no id can have. */
export async function stagingFolder(modelsDir: string, name: string): Promise<string> {
  const folder = join(modelsDir, `.${name}.part`);
  await mkdir(folder, { recursive: true });
  return folder;
}

export async function dropStaging(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
