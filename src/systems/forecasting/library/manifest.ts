import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { messageOf, UsageError } from "../../../platform/errors";

/** The file in a model's folder that says what it is. */
export const MANIFEST_FILE = "model.json";

const fileSchema = z.object({ name: z.string(), sizeBytes: z.number().int().nonnegative(), sha256: z.string() });

const manifestSchema = z.object({
  id: z.string(),
  family: z.string(),
  title: z.string(),
  /** The file of weights; the first of `files`. */
  weights: z.string(),
  parameters: z.number().int().nonnegative(),
  /** As its publisher names it, such as `apache-2.0`; null where nothing says. */
  licence: z.string().nullable(),
  /** Where it came from: `imported`, or the hub's repository and commit. */
  source: z.string(),
  addedAt: z.string(),
  files: z.array(fileSchema).min(1),
});

/** What is kept of a model beside its files. */
export type Manifest = z.infer<typeof manifestSchema>;

export type ManifestFile = z.infer<typeof fileSchema>;

/** The manifest of a folder; undefined where it has none. @throws UsageError when it cannot be understood. */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, MANIFEST_FILE);
  if (!existsSync(path)) return undefined;
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new UsageError(
      `${path} is damaged (${messageOf(error)}); remove the folder, and import or pull the model anew.`,
    );
  }
}

/** The bytes of all files of a model. */
export function sizeOfModel({ files }: Manifest): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
