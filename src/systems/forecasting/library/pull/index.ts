import { existsSync } from "node:fs";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../../../platform/clock";
import { UsageError } from "../../../../platform/errors";
import { CONFIG_FILE, WEIGHT_FILES } from "../../inference/modelFolder";
import { refuseFullDisk } from "../disk";
import { dropStaging, installModel, refuseInstalled, stagingFolder } from "../install";
import { asksForAcceptance, LicenceNotAccepted } from "../licence";
import type { Manifest } from "../manifest";
import { parseModelId } from "../modelId";
import { download } from "./download";
import { type HubFile, type HubRepository, lookUp } from "./hub";
import type { Hub } from "./request";

export interface PullOptions {
  modelsDir: string;
  hub: Hub;
  /** The hub's name of the model. */
  id: string;
  /** What it is to be called here; the same where absent. */
  as?: string | undefined;
  /** A branch, tag or commit. */
  revision?: string | undefined;
  /** Whether a licence that forbids commercial use is accepted. */
  licenceAccepted: boolean;
  clock: Clock;
  onProgress: (progress: { done: number; total: number }) => void;
}

const USUAL_REVISION = "main";
/** What a staging folder is of, so that a later try goes on with the same commit alone. */
const COMMIT_FILE = "commit";

/**
 * Downloads a model, checks it and puts it into the library. A try that broke off is gone on with by the next one.
 * @throws UsageError when the hub has no model that is understood, its licence must be accepted first, the disk is full, or
 *   what came is not what was listed; HubUnreachable when the hub breaks off too often.
 */
export async function pullModel(options: PullOptions): Promise<Manifest> {
  const { modelsDir, hub, clock } = options;
  const name = parseModelId(options.id);
  const id = parseModelId(options.as ?? name);
  refuseInstalled(modelsDir, id);
  const repository = await lookUp(hub, name, options.revision ?? USUAL_REVISION);
  refuseUnaccepted(options, repository);
  const files = filesOf(name, repository);
  const staging = await stagingOf(modelsDir, id, repository.commit);
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const here = await Promise.all(files.map(async ({ path }) => sizeIfThere(join(staging, path))));
  await refuseFullDisk(modelsDir, total - here.reduce((sum, size) => sum + size, 0));
  let done = 0;
  for (const file of files) {
    const url = `${hub.endpoint}/${name}/resolve/${repository.commit}/${encodeURIComponent(file.path)}`;
    const onBytes = (bytes: number) => options.onProgress({ done: done + bytes, total });
    await download({ hub, url, file, path: join(staging, file.path), clock, onBytes });
    done += file.sizeBytes;
    options.onProgress({ done, total });
  }
  await rm(join(staging, COMMIT_FILE));
  const names = files.map(({ path }) => path);
  const source = `${name}@${repository.commit}`;
  const provenance = { id, licence: repository.licence, source, addedAt: new Date(clock.now()).toISOString() };
  try {
    return await installModel(modelsDir, staging, names, provenance);
  } catch (error) {
    // Whole and right, and yet no model: to go on from here would not help.
    await dropStaging(staging);
    throw error;
  }
}

function refuseUnaccepted({ id, licenceAccepted }: PullOptions, { licence }: HubRepository): void {
  if (licenceAccepted || !asksForAcceptance(licence)) return;
  throw new LicenceNotAccepted(
    `${id} has the licence ${licence}, which may forbid commercial use. Read it on the hub; if you accept it, pull again with --accept-license.`,
  );
}

/** The best form of the weights that the repository has, and its configuration. */
function filesOf(name: string, { files }: HubRepository): HubFile[] {
  const find = (path: string) => files.find((file) => file.path === path);
  const weights = WEIGHT_FILES.map(find).find((file) => file !== undefined);
  if (weights === undefined) {
    throw new UsageError(`${name} holds no weights that are understood; expected one of ${WEIGHT_FILES.join(", ")}.`);
  }
  const config = find(CONFIG_FILE);
  return config === undefined ? [weights] : [weights, config];
}

/** The folder that is downloaded into; one that was begun for another commit is emptied. */
async function stagingOf(modelsDir: string, id: string, commit: string): Promise<string> {
  const name = `pull-${id.replace("/", "--")}`;
  await mkdir(modelsDir, { recursive: true });
  const folder = await stagingFolder(modelsDir, name);
  const mark = join(folder, COMMIT_FILE);
  if (existsSync(mark) && (await readFile(mark, "utf8")) === commit) return folder;
  await dropStaging(folder);
  await stagingFolder(modelsDir, name);
  await writeFile(mark, commit);
  return folder;
}

async function sizeIfThere(path: string): Promise<number> {
  return existsSync(path) ? (await stat(path)).size : 0;
}
