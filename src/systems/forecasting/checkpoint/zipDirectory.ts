import { UsageError } from "../../../platform/errors";
import type { ByteSource } from "./byteSource";

/** A member of a zip file that is stored as it is, not compressed. */
export interface ZipMember {
  /** Where its bytes stand in the zip file. */
  offset: number;
  byteLength: number;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const END64_LOCATOR_SIGNATURE = 0x07064b50;
const END64_LOCATOR_BYTES = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const ZIP64_EXTRA = 1;
const SEE_ZIP64 = 0xffffffff;
const MAX_DIRECTORY_BYTES = 64 * 1024 * 1024;

/**
 * The members of a zip file by name.
 * Source: PKWARE APPNOTE.TXT 6.3.10, 4.3 (structure) and 4.5.3 (sizes of 64 bits).
 * @throws UsageError when the directory is damaged, or a member is compressed or encrypted.
 */
export function readZipDirectory(source: ByteSource): Map<string, ZipMember> {
  const { offset, byteLength } = directoryPlace(source);
  if (byteLength > MAX_DIRECTORY_BYTES) throw damaged(source, `its directory claims ${byteLength} bytes`);
  const directory = source.read(offset, byteLength, "the directory");
  const members = new Map<string, ZipMember>();
  for (let at = 0; at + ENTRY_BYTES <= directory.length; ) {
    if (directory.readUInt32LE(at) !== ENTRY_SIGNATURE)
      throw damaged(source, "its directory has no entry where one is due");
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((place) => directory.readUInt16LE(at + place));
    const end = at + ENTRY_BYTES + nameBytes! + extraBytes! + commentBytes!;
    if (end > directory.length) throw damaged(source, "an entry of its directory is cut off");
    const name = directory.toString("utf8", at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes!);
    const extra = directory.subarray(at + ENTRY_BYTES + nameBytes!, at + ENTRY_BYTES + nameBytes! + extraBytes!);
    members.set(name, memberOf(source, name, directory.subarray(at, at + ENTRY_BYTES), extra));
    at = end;
  }
  return members;
}

function directoryPlace(source: ByteSource): ZipMember {
  const tailBytes = Math.min(source.size, END_BYTES + MAX_COMMENT_BYTES);
  const tail = source.read(source.size - tailBytes, tailBytes, "the end of the zip file");
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END_SIGNATURE) continue;
    const place = { byteLength: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) };
    if (place.offset !== SEE_ZIP64 && place.byteLength !== SEE_ZIP64) return place;
    return zip64DirectoryPlace(source, source.size - tailBytes + at);
  }
  throw damaged(source, "it has no directory");
}

function zip64DirectoryPlace(source: ByteSource, endOffset: number): ZipMember {
  const locator = source.read(endOffset - END64_LOCATOR_BYTES, END64_LOCATOR_BYTES, "the locator of the directory");
  if (locator.readUInt32LE(0) !== END64_LOCATOR_SIGNATURE) throw damaged(source, "its 64-bit directory is not found");
  const end = source.read(Number(locator.readBigUInt64LE(8)), END64_BYTES, "the end of the 64-bit directory");
  if (end.readUInt32LE(0) !== END64_SIGNATURE) throw damaged(source, "its 64-bit directory is not found");
  return { byteLength: Number(end.readBigUInt64LE(40)), offset: Number(end.readBigUInt64LE(48)) };
}

function memberOf(source: ByteSource, name: string, entry: Buffer, extra: Buffer): ZipMember {
  const [flags, method] = [entry.readUInt16LE(8), entry.readUInt16LE(10)];
  if (method !== 0 || (flags & 1) !== 0) {
    throw new UsageError(
      `${source.path}: member ${JSON.stringify(name)} is compressed or encrypted; save it anew without.`,
    );
  }
  const wide = zip64Values(extra);
  const sizes = [24, 20, 42].map((place) => entry.readUInt32LE(place)); // size, size as stored, offset of the header
  const [byteLength, , headerOffset] = sizes.map((value) => (value === SEE_ZIP64 ? (wide.shift() ?? value) : value));
  const header = source.read(headerOffset!, LOCAL_BYTES, `the header of ${JSON.stringify(name)}`);
  if (header.readUInt32LE(0) !== LOCAL_SIGNATURE) throw damaged(source, `member ${JSON.stringify(name)} has no header`);
  const offset = headerOffset! + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (offset + byteLength! > source.size) throw damaged(source, `member ${JSON.stringify(name)} ends outside the file`);
  return { offset, byteLength: byteLength! };
}

/** The values of 64 bits that stand for those that did not fit, in the order of the fields. */
function zip64Values(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; ) {
    const [id, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    if (id === ZIP64_EXTRA) {
      const field = extra.subarray(at + 4, at + 4 + length);
      return Array.from({ length: Math.floor(field.length / 8) }, (_, index) =>
        Number(field.readBigUInt64LE(index * 8)),
      );
    }
    at += 4 + length;
  }
  return [];
}

function damaged({ path }: ByteSource, what: string): UsageError {
  return new UsageError(`${path} is not a sound zip file: ${what}.`);
}
