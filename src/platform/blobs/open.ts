import { join } from "node:path";
import type { Config } from "../../config/settings";
import type { Clock } from "../clock";
import { UsageError } from "../errors";
import type { BlobStore } from "./blobs";
import { folderBlobs } from "./folder";
import { s3Blobs } from "./s3";

interface Place {
  dataDir: string;
  /** Signs links to the folder. */
  key: Uint8Array;
  clock: Clock;
}

/** Blobs in the bucket that the settings name, else in the data folder. @throws UsageError where credentials are missing */
export function openBlobs(config: Config, { dataDir, key, clock }: Place): BlobStore {
  const { S3_BUCKET: bucket, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = config;
  const folder = join(dataDir, "blobs");
  if (bucket === undefined) return folderBlobs({ folder, key, clock });
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new UsageError("S3_BUCKET asks for AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
  return s3Blobs({
    bucket,
    accessKeyId,
    secretAccessKey,
    sessionToken: config.AWS_SESSION_TOKEN,
    region: config.AWS_REGION,
    endpoint: config.S3_ENDPOINT_URL,
    publicEndpoint: config.S3_PUBLIC_ENDPOINT_URL,
    scratch: join(folder, "uploads"),
    clock,
  });
}
