import { appendFileSync, chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../platform/errors";
import { type LoadedConfig, readEnvFile } from "./load";
import { isLoopbackName } from "./loopback";
import type { SettingName, settings } from "./settings";

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
  return values.OPEN || isLoopbackName(values.HOST);
}

/**
 * Origins of other sites whose pages may call a system: those that are set; else any (`*`) while open where its original
 * lets any in, and none elsewhere.
 */
export function corsOriginsOf(loaded: LoadedConfig, originalLetsAnyIn: boolean): readonly string[] {
  return loaded.values.CORS_ORIGINS ?? (originalLetsAnyIn && isOpenMode(loaded) ? ["*"] : []);
}

/**
 * Names by which the server may be asked beside those of this machine; undefined where any name is good: the check
 * guards a server that is open since it listens on loopback alone.
 */
export function allowedHostsOf({ values }: LoadedConfig): readonly string[] | undefined {
  return isLoopbackName(values.HOST) ? values.ALLOWED_HOSTS : undefined;
}

/** The secrets that are made where none is set. */
type SecretName = { [Name in SettingName]: (typeof settings)[Name] extends { made: true } ? Name : never }[SettingName];

/**
 * A secret: from the settings, else from the data folder's file of secrets, else made now and kept there, readable by
 * its owner alone. `announce` is told where it is when one was made for a closed service, never what it is.
 */
export function namedSecret(
  name: SecretName,
  loaded: LoadedConfig,
  dataDir: string,
  announce: (sentence: string) => void,
): string {
  const set = loaded.values[name];
  if (set !== undefined) return set;
  const path = join(dataDir, SECRETS_FILE);
  const kept = readEnvFile(path)[name];
  if (kept !== undefined) return kept;
  const made = freshSecret();
  appendFileSync(path, `${name}=${made}\n`, { mode: OWNER_ONLY });
  chmodSync(path, OWNER_ONLY);
  if (!isOpenMode(loaded)) announce(`${name} was made; it is kept in ${path}, readable by its owner alone.`);
  return made;
}

/** Writes a file that only its owner may read. @throws UsageError when it is already there. */
export function writeSecretFile(path: string, content: string): void {
  if (existsSync(path)) throw new UsageError(`${path} is already there; it is not written over. Move it away first.`);
  writeFileSync(path, content, { mode: OWNER_ONLY, flag: "wx" });
  chmodSync(path, OWNER_ONLY);
}
