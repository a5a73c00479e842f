import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { WeightsPlace } from "../serving/modelServer";

/** A path of `local_model_path` that does not do; the status is what it should be answered with. */
export class LocalPathError extends Error {
  override readonly name = "LocalPathError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The weights at a path below the folder of local models: a file of them, or a folder that holds one.
 * @throws LocalPathError for a path that leads out, or where nothing is; no path of this machine is told
 */
export function localPlace(localDir: string, path: string): WeightsPlace {
  const target = resolve(localDir, path);
  if (!target.startsWith(localDir + sep) || path.includes("\0")) throw leadsOut(path);
  if (!existsSync(target)) throw new LocalPathError(404, `Local model path not found: local/${path}`);
  if (!realpathSync(target).startsWith(realpathSync(localDir) + sep)) throw leadsOut(path);
  return statSync(target).isDirectory() ? { folder: target } : { folder: dirname(target), weights: basename(target) };
}

function leadsOut(path: string): LocalPathError {
  return new LocalPathError(400, `Local path '${path}' resolves outside allowed directory 'local'`);
}

/** The folder of local models in the folder that stands for the original's data. */
export function localDirOf(dataRoot: string): string {
  return join(dataRoot, "local");
}
