import { z } from "zod";
import { UsageError } from "../../../../platform/errors";
import { type Hub, requestFrom } from "./request";

/** A file of a repository, as the hub lists it. */
export interface HubFile {
  path: string;
  sizeBytes: number;
  /** Of large files, which the hub keeps apart. */
  sha256: string | undefined;
  /** The name that git has for the content of any other file. */
  gitBlobId: string;
}

export interface HubRepository {
  /** The commit that everything is taken from. */
  commit: string;
  licence: string | null;
  files: HubFile[];
}

const infoSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  cardData: z.object({ license: z.unknown().optional() }).nullish(),
});

const treeSchema = z.array(
  z.object({
    type: z.string(),
    path: z.string().max(1024),
    oid: z.string(),
    size: z.number().int().nonnegative(),
    lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() }).optional(),
  }),
);

const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * What a repository holds at a revision: its commit, its licence, and size and digest of each file at its top.
 * @throws UsageError when the hub does not know the repository, does not let us in, or answers something else.
 */
export async function lookUp(hub: Hub, id: string, revision: string): Promise<HubRepository> {
  const base = `${hub.endpoint}/api/models/${id}`;
  const info = await answerOf(hub, `${base}/revision/${encodeURIComponent(revision)}`, infoSchema);
  const tree = await answerOf(hub, `${base}/tree/${info.sha}`, treeSchema);
  const licence = info.cardData?.license;
  const files = tree
    .filter(({ type, path }) => type === "file" && !path.includes("/"))
    .map(({ path, size, oid, lfs }) => ({ path, sizeBytes: lfs?.size ?? size, sha256: lfs?.oid, gitBlobId: oid }));
  return { commit: info.sha, licence: typeof licence === "string" ? licence : null, files };
}

async function answerOf<Schema extends z.ZodType>(hub: Hub, url: string, schema: Schema): Promise<z.infer<Schema>> {
  const response = await requestFrom(hub, url, {});
  const text = await boundedText(response, url);
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new UsageError(`${url} answered something that is no hub's answer: ${text.slice(0, 100)}`);
  }
}

async function boundedText(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new UsageError(`${url} answered more than ${MAX_ANSWER_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
