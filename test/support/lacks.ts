const told = new Set<string>();

/**
 * Whether the tests that need this must be skipped, which is printed once for whoever looks why:
 *
 *     describe.skipIf(lacks("openssl, for a certificate", openssl !== null))("MQTT over TLS", ...)
 */
export function lacks(what: string, isThere: boolean): boolean {
  if (!isThere && !told.has(what)) process.stderr.write(`skipped: needs ${what}\n`);
  told.add(what);
  return !isThere;
}
