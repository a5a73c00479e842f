import { join } from "node:path";
import { z } from "zod";
import { messageOf } from "../../../platform/errors";
import { replaceFile } from "../../../platform/replaceFile";
import { historyFileOf, parseHistory } from "./file";
import type { HistorySnapshot } from "./snapshot";

/** A history that is kept between starts, and how it came to be there. */
export interface KeptHistory {
  history: HistorySnapshot;
  /** When it was put there; ISO 8601, UTC. */
  storedAt: string;
  /** What was mended or missing when it was made. */
  notes: string[];
}

/** What a look into the data folder finds. */
export type CacheLook =
  | { found: "history"; kept: KeptHistory }
  | { found: "nothing" }
  | { found: "unusable"; sentence: string };

/** Rises with each change of form that older programs cannot read. */
const CACHE_VERSION = 1;
const MAX_BYTES = 64 * 1024 * 1024;

const headSchema = z.object({
  version: z.literal(CACHE_VERSION),
  source: z.enum(["spacescope", "file"]),
  stored_at: z.iso.datetime(),
  notes: z.array(z.string()),
  history: z.unknown(),
});

/** The kept history's file in the data folder. */
export const HISTORY_FILE = "filecoin_history.json";

export function cachePath(dataDir: string): string {
  return join(dataDir, HISTORY_FILE);
}

/** The kept history, or why there is none that can be used. Its form: docs/filecoin.md, "The kept history". */
export async function readCache(path: string): Promise<CacheLook> {
  const file = Bun.file(path);
  try {
    if (!(await file.exists())) return { found: "nothing" };
    if (file.size > MAX_BYTES) throw new Error(`it has ${file.size} bytes, more than the ${MAX_BYTES} allowed`);
    return { found: "history", kept: parsed(await file.json()) };
  } catch (error) {
    return { found: "unusable", sentence: `The kept history ${path} is not used: ${messageOf(error)}.` };
  }
}

/** Keeps a history; whatever dies in between, there is a whole file, the old or the new. */
export async function writeCache(path: string, { history, storedAt, notes }: KeptHistory): Promise<void> {
  const head = { version: CACHE_VERSION, source: history.source, stored_at: storedAt, notes };
  await replaceFile(path, JSON.stringify({ ...head, history: historyFileOf(history) }));
}

function parsed(content: unknown): KeptHistory {
  const version = (content as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > CACHE_VERSION) {
    throw new Error(`it has form ${version}, of a newer program than this one, which knows ${CACHE_VERSION}`);
  }
  const head = headSchema.safeParse(content);
  if (!head.success) throw new Error(`its ${head.error.issues[0]!.path.join(".") || "content"} is not as it should be`);
  const { source, stored_at: storedAt, notes, history } = head.data;
  return { history: { ...parseHistory(history), source }, storedAt, notes };
}
