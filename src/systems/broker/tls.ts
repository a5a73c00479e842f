import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Config } from "../../config/settings";
import type { TlsListener } from "../../mqtt";
import { messageOf, UsageError } from "../../platform/errors";
import type { Log } from "../../platform/log";

/** What a TLS listener needs, as PEM. */
export interface TlsFiles {
  port: number;
  cert: string;
  key: string;
  /** Absent: clients need no certificate. */
  ca?: string;
  /** When the certificate ends, in milliseconds since the epoch. */
  endsAtMs: number;
}

type TlsConfig = Pick<Config, "MQTT_TLS_PORT" | "MQTT_TLS_CERT_FILE" | "MQTT_TLS_KEY_FILE" | "MQTT_TLS_CA_FILE">;
type FileSetting = Exclude<keyof TlsConfig, "MQTT_TLS_PORT">;

/**
 * Certificate and key by the settings; undefined where no TLS is wanted. They are looked at before anything listens,
 * since what the TLS library says of a bad one helps nobody.
 * @throws UsageError that names the setting and the file.
 */
export function tlsFiles(config: TlsConfig): TlsFiles | undefined {
  const { MQTT_TLS_PORT: port, MQTT_TLS_CA_FILE: caFile } = config;
  if (port === undefined) return undefined;
  const cert = read(config, "MQTT_TLS_CERT_FILE");
  const key = read(config, "MQTT_TLS_KEY_FILE");
  const certificate = parsed(config, "MQTT_TLS_CERT_FILE", "a certificate", () => new X509Certificate(cert));
  const privateKey: KeyObject = parsed(config, "MQTT_TLS_KEY_FILE", "a private key", () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new UsageError(
      `MQTT_TLS_KEY_FILE: ${config.MQTT_TLS_KEY_FILE} is not the key of the certificate in ${config.MQTT_TLS_CERT_FILE}.`,
    );
  }
  const files = { port, cert, key, endsAtMs: Date.parse(certificate.validTo) };
  if (caFile === undefined) return files;
  const ca = read(config, "MQTT_TLS_CA_FILE");
  parsed(config, "MQTT_TLS_CA_FILE", "a certificate", () => new X509Certificate(ca));
  return { ...files, ca };
}

function read(config: TlsConfig, setting: FileSetting): string {
  const path = config[setting];
  if (path === undefined) throw new UsageError(`${setting} is not set; MQTT_TLS_PORT needs it.`);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`${setting}: ${path} cannot be read (${messageOf(error)}).`);
  }
}

function parsed<T>(config: TlsConfig, setting: FileSetting, what: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new UsageError(`${setting}: ${config[setting]} does not hold ${what} as PEM.`);
  }
}

/** The certificate that is shown now. */
export interface Certificate {
  files: TlsFiles | undefined;
}

/** Reads certificate and key again on SIGHUP; faulty ones change nothing. The returned function ends that. */
export function followCertificate(config: TlsConfig, shown: Certificate, listener: TlsListener, log: Log): () => void {
  function renew(): void {
    try {
      const files = tlsFiles(config);
      if (files === undefined) return;
      listener.renew(files);
      shown.files = files;
      log.write("info", "the broker's certificate was read again", { endsAt: new Date(files.endsAtMs).toISOString() });
    } catch (error) {
      log.write("error", "the broker's certificate was not read", { problem: messageOf(error) });
    }
  }
  process.on("SIGHUP", renew);
  return () => void process.off("SIGHUP", renew);
}
