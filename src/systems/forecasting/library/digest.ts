/** The SHA-256 of a file, in hexadecimal, read piece by piece. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(path).stream()) hash.update(chunk);
  return hash.digest("hex");
}

/** The name that git gives a file of that content: SHA-1 of `blob <length>`, a zero byte, and the content. */
export function gitBlobId(content: Uint8Array): string {
  const hash = new Bun.CryptoHasher("sha1");
  hash.update(`blob ${content.byteLength}\0`);
  hash.update(content);
  return hash.digest("hex");
}
