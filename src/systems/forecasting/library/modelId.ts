import { join } from "node:path";
import { UsageError } from "../../../platform/errors";

const MAX_PART_CHARACTERS = 96;
const PART = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** Stands for the slash in names of folders, and therefore in no id. */
const SLASH_ON_DISK = "--";

/**
 * A model's id: a name, or an owner and a name with a slash between.
 * @throws UsageError that says what an id may be.
 */
export function parseModelId(id: string): string {
  const parts = id.split("/");
  const sound = parts.every((part) => PART.test(part) && part.length <= MAX_PART_CHARACTERS);
  if (parts.length <= 2 && sound && !id.includes(SLASH_ON_DISK)) return id;
  throw new UsageError(
    `${JSON.stringify(id)} is no model id: expected NAME or OWNER/NAME, each of up to ${MAX_PART_CHARACTERS} of A-Z a-z 0-9 . _ -, ` +
      `not beginning with . or -, without ${SLASH_ON_DISK}.`,
  );
}

/** The folder of a model among the others; two ids never share one. @throws UsageError as {@link parseModelId}. */
export function modelFolder(modelsDir: string, id: string): string {
  return join(modelsDir, parseModelId(id).replace("/", SLASH_ON_DISK));
}
