import { constants, existsSync } from "node:fs";
import { copyFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { CONFIG_FILE, openModelFolder } from "../inference/modelFolder";
import { refuseFullDisk } from "./disk";
import { dropStaging, installModel, refuseInstalled, stagingFolder } from "./install";
import { licenceIn } from "./licence";
import type { Manifest } from "./manifest";
import { parseModelId } from "./modelId";

export interface ImportOptions {
  modelsDir: string;
  /** The folder that holds the weights, and `config.json` where there is one. */
  from: string;
  /** What it is to be called; the folder's name where absent. */
  id?: string | undefined;
  /** Of now, ISO 8601. */
  now: string;
}

/**
 * Copies a model of a local folder into the library (a clone that shares blocks, where the disk can).
 * @throws UsageError when the folder holds no model that is understood, an id is wrong or taken, or the disk is full.
 */
export async function importModel({ modelsDir, from, id: asked, now }: ImportOptions): Promise<Manifest> {
  const id = parseModelId(asked ?? basename(resolve(from)));
  refuseInstalled(modelsDir, id);
  const { checkpoint } = openModelFolder(from);
  const files = [basename(checkpoint.path), ...(existsSync(join(from, CONFIG_FILE)) ? [CONFIG_FILE] : [])];
  const staging = await stagingFolder(modelsDir, crypto.randomUUID());
  try {
    const sizes = await Promise.all(files.map(async (name) => (await stat(join(from, name))).size));
    await refuseFullDisk(
      modelsDir,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    for (const name of files) await copyFile(join(from, name), join(staging, name), constants.COPYFILE_FICLONE);
    return await installModel(modelsDir, staging, files, {
      id,
      licence: licenceIn(from),
      source: "imported",
      addedAt: now,
    });
  } catch (error) {
    await dropStaging(staging);
    throw error;
  }
}
