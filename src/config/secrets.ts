import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../platform/errors";
import { type LoadedConfig, readEnvFile } from "./load";

/** The file of secrets made at first start, beside the data. */
export const SECRETS_FILE = "secrets.env";

const OWNER_ONLY = 0o600;
const SECRET_BYTES = 32;

/** A fresh secret: 256 bits from the system's source, in URL-safe base64. */
export function freshSecret(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(SECRET_BYTES))).toString("base64url");
}

/** Whether the service may let anybody in: it listens on loopback alone, or was told to be open. */
export function isOpenMode({ values }: LoadedConfig): boolean {
  return values.OPEN || values.HOST === "localhost" || values.HOST === "::1" || values.HOST.startsWith("127.");
}

/**
 * The key that signs tokens and links: from the settings, else from the data folder's file of secrets, else made now,
 * written there for its owner alone and told once through `announce` when the service is closed.
 * @throws UsageError when the file can be read by others.
 */
export function signingKey(loaded: LoadedConfig, dataDir: string, announce: (sentence: string) => void): string {
  if (loaded.values.SECRET_KEY !== undefined) return loaded.values.SECRET_KEY;
  const path = join(dataDir, SECRETS_FILE);
  const kept = readEnvFile(path)["SECRET_KEY"];
  if (kept !== undefined) return kept;
  if (existsSync(path)) throw new UsageError(`${path} holds no SECRET_KEY. Add one or remove the file.`);
  const made = freshSecret();
  writeSecretFile(path, `SECRET_KEY=${made}\n`);
  if (!isOpenMode(loaded)) announce(`A signing key was made and is kept in ${path}.`);
  return made;
}

/** Writes a file that only its owner may read. @throws UsageError when it is already there. */
export function writeSecretFile(path: string, content: string): void {
  if (existsSync(path)) throw new UsageError(`${path} is already there; it is not written over. Move it away first.`);
  writeFileSync(path, content, { mode: OWNER_ONLY, flag: "wx" });
  chmodSync(path, OWNER_ONLY);
}
