/** Where large values are kept: results, parameters, files of reports (docs/jobs.md, "Blobs"). */
export interface BlobStore {
  /**
   * Keeps the content under the key, in place of what was there; readers see the old or the new, whole.
   * @throws RequestError 413 beyond `maxBytes`, with nothing kept; 503 on a full disk.
   */
  put(key: string, content: BlobContent, maxBytes?: number): Promise<BlobFacts>;
  /** The blob, read when its stream is; undefined where there is none. */
  get(key: string): Promise<StoredBlob | undefined>;
  /** Bytes of the blob, or undefined where there is none. */
  stat(key: string): Promise<{ sizeBytes: number } | undefined>;
  /** Removes the blob, if there is one. */
  delete(key: string): Promise<void>;
  /** Removes every blob whose key begins with these segments. */
  deleteUnder(segments: string): Promise<void>;
  /** An address that lets its bearer do one thing with one key for a time, as often as he likes. */
  presign(link: BlobLink): string;
}

export type BlobContent = Uint8Array | ReadableStream<Uint8Array>;

export interface BlobFacts {
  sizeBytes: number;
  /** MD5 of the content in hex, as S3's ETag of a single upload is. */
  md5: string;
}

export interface StoredBlob {
  sizeBytes: number;
  /** What a Response takes as its body; a file is sent without being read into memory. */
  body: Blob | ReadableStream<Uint8Array>;
  bytes(): Promise<Uint8Array>;
}

export interface BlobLink {
  op: "put" | "get";
  key: string;
  ttlS: number;
  /** Scheme and host by which the caller reaches this server; a store that is elsewhere does not need it. */
  origin: string;
  /** What a download is called and is. */
  download?: { filename: string; contentType: string };
}
