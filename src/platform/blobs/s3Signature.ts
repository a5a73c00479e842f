import { createHash, createHmac } from "node:crypto";

/** Who signs, and for where. */
export interface S3Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary credentials. */
  sessionToken?: string | undefined;
  region: string;
}

/** One thing that the bearer of an address may do. */
export interface S3Link {
  method: "PUT" | "GET";
  /** Without a query; its path is encoded. */
  url: URL;
  ttlS: number;
  /** Parameters that are signed too, such as the name of a download. */
  query?: Readonly<Record<string, string>>;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * An address with Signature Version 4 in its query (AWS, "Authenticating Requests: Using Query Parameters"). What Bun's
 * own client signs cannot ask for server-side encryption.
 */
export function presignedS3(
  credentials: S3Credentials,
  { method, url, ttlS, query = {} }: S3Link,
  nowMs: number,
): string {
  const { accessKeyId, secretAccessKey, sessionToken, region } = credentials;
  const time = `${new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const parameters: Record<string, string> = {
    "X-Amz-Algorithm": ALGORITHM,
    "X-Amz-Credential": `${accessKeyId}/${scope}`,
    "X-Amz-Date": time,
    "X-Amz-Expires": String(ttlS),
    "X-Amz-SignedHeaders": "host",
    ...(sessionToken === undefined ? {} : { "X-Amz-Security-Token": sessionToken }),
    ...query,
  };
  const encoded = Object.entries(parameters).map(([name, value]) => `${strict(name)}=${strict(value)}`);
  const canonicalQuery = encoded.sort().join("&");
  const canonical = [method, url.pathname, canonicalQuery, `host:${url.host}`, "", "host", "UNSIGNED-PAYLOAD"];
  const hash = createHash("sha256").update(canonical.join("\n")).digest("hex");
  const parts = [time.slice(0, 8), region, "s3", "aws4_request"];
  const key = parts.reduce<Buffer>((from, part) => hmac(from, part), Buffer.from(`AWS4${secretAccessKey}`));
  const signature = hmac(key, [ALGORITHM, time, scope, hash].join("\n")).toString("hex");
  return `${url.origin}${url.pathname}?${canonicalQuery}&X-Amz-Signature=${signature}`;
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** Percent-encoding that leaves letters, digits and - . _ ~ alone. */
export function strict(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
