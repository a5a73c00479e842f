/** How zstd marks what it has compressed: RFC 8878, section 3.1.1. */
const ZSTD_MAGIC = 0xfd2fb528;

/**
 * The bytes of a file that comes with the program. The executable carries some of them compressed
 * (docs/native.md, "The executable"); from source they stand as they are. Both are read alike.
 */
export async function fileBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await Bun.file(path).bytes();
  const isPacked = bytes.byteLength >= 4 && new DataView(bytes.buffer).getUint32(0, true) === ZSTD_MAGIC;
  return isPacked ? new Uint8Array(Bun.zstdDecompressSync(bytes)) : bytes;
}
