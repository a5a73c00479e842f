import { httpUrl, integer, text } from "../kinds";
import type { Settings } from "../setting";

const MIB = 1024 * 1024;

/** Where large values are kept, and the links to them. */
export const blobSettings = {
  BLOB_MAX_BYTES: {
    kind: integer(1024, 1024 * 1024 * MIB),
    default: String(1024 * MIB),
    unit: "bytes",
    meaning: "The largest upload to /blobs; more is answered with 413.",
  },
  PUBLIC_URL: {
    kind: httpUrl,
    meaning: "The address by which callers reach this program, for signed links; default the one they called.",
  },
  PRESIGNED_URL_EXPIRY: {
    kind: integer(1, 7 * 86_400),
    default: "3600",
    unit: "s",
    meaning: "How long a signed link is good.",
  },
  S3_BUCKET: {
    kind: text,
    meaning: "A bucket of S3 for blobs, in the place of the folder `blobs` of the data folder.",
    aliases: ["S3_BUCKET_NAME", "S3_UPLOAD_BUCKET"],
  },
  S3_ENDPOINT_URL: {
    kind: httpUrl,
    meaning: "The address of a store that speaks the protocol of S3; default Amazon's own.",
    aliases: ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"],
  },
  S3_PUBLIC_ENDPOINT_URL: {
    kind: httpUrl,
    meaning: "The same store as callers reach it, for signed links; default S3_ENDPOINT_URL.",
  },
  AWS_REGION: {
    kind: text,
    default: "us-east-1",
    meaning: "The region of the bucket.",
    aliases: ["AWS_DEFAULT_REGION"],
  },
  AWS_ACCESS_KEY_ID: { kind: text, meaning: "Who signs for the bucket." },
  AWS_SECRET_ACCESS_KEY: { kind: text, meaning: "By what the bucket is signed for.", secret: true },
  AWS_SESSION_TOKEN: { kind: text, meaning: "Belongs to temporary credentials.", secret: true },
} satisfies Settings;
