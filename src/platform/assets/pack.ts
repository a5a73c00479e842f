import type { Asset, Bundle, Manifest } from "./bundle";

/** What stands at the head of a pack: for each asset its lengths, in the order of the bytes that follow. */
interface PackHeader {
  manifest: Manifest;
  pages: PackedAsset[];
  files: PackedAsset[];
}

interface PackedAsset {
  name: string;
  contentType: string;
  hash: string;
  plainBytes: number;
  /** 0 where there is no gzipped form. */
  gzipBytes: number;
}

const LENGTH_BYTES = 4;

/** One blob of a whole bundle: the header's length (32 bits, little endian), the header as JSON, then all bytes. */
export function pack(bundle: Bundle): Uint8Array<ArrayBuffer> {
  const header: PackHeader = {
    manifest: bundle.manifest,
    pages: bundle.pages.map(packedAsset),
    files: bundle.files.map(packedAsset),
  };
  const headerBytes = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, headerBytes.length, true);
  const bodies = [...bundle.pages, ...bundle.files].flatMap((asset) => [asset.plain, asset.gzip ?? new Uint8Array()]);
  return concatenated([length, headerBytes, ...bodies]);
}

/** The bundle in that blob; its assets are views of the blob's memory. Throws a SyntaxError where the header is torn. */
export function unpack(blob: Uint8Array<ArrayBuffer>): Bundle {
  const headerLength = new DataView(blob.buffer, blob.byteOffset).getUint32(0, true);
  const bodiesAt = LENGTH_BYTES + headerLength;
  const header = JSON.parse(new TextDecoder().decode(blob.subarray(LENGTH_BYTES, bodiesAt))) as PackHeader;
  let offset = bodiesAt;
  function take(bytes: number): Uint8Array<ArrayBuffer> {
    offset += bytes;
    return blob.subarray(offset - bytes, offset);
  }
  const assetOf = ({ plainBytes, gzipBytes, ...named }: PackedAsset): Asset => ({
    ...named,
    plain: take(plainBytes),
    gzip: gzipBytes === 0 ? undefined : take(gzipBytes),
  });
  return { manifest: header.manifest, pages: header.pages.map(assetOf), files: header.files.map(assetOf) };
}

function packedAsset({ name, contentType, hash, plain, gzip }: Asset): PackedAsset {
  return { name, contentType, hash, plainBytes: plain.length, gzipBytes: gzip?.length ?? 0 };
}

function concatenated(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
