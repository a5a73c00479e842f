import { presignedS3, type S3Credentials } from "../../src/platform/blobs/s3Signature";

/** A store that speaks as much of S3's protocol as a client of blobs needs, and refuses what is not signed for it. */
export interface FakeS3 {
  url: string;
  credentials: S3Credentials;
  bucket: string;
  /** What is kept, by key. */
  objects: Map<string, { bytes: Uint8Array; encryption: string | null }>;
  /** Every answer from now on is a failure of the store. */
  fail(): void;
  stop(): Promise<void>;
}

const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "a-secret-of-this-test", region: "eu-west-3" };
const BUCKET = "epistemix-uploads-test";
const PAGE = 2;

export function fakeS3(): FakeS3 {
  const objects: FakeS3["objects"] = new Map();
  let isFailing = false;

  function refusal(request: Request, url: URL): Response | undefined {
    if (isFailing) return new Response("<Error><Code>SlowDown</Code></Error>", { status: 503 });
    const isHeader = request.headers
      .get("authorization")
      ?.startsWith(`AWS4-HMAC-SHA256 Credential=${CREDENTIALS.accessKeyId}/`);
    if (isHeader === true || isSigned(request, url)) return undefined;
    return new Response("<Error><Code>SignatureDoesNotMatch</Code></Error>", { status: 403 });
  }

  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const url = new URL(request.url);
      const refused = refusal(request, url);
      if (refused !== undefined) return refused;
      const key = decodeURIComponent(url.pathname.replace(`/${BUCKET}`, "").replace(/^\//, ""));
      if (key === "") return listed(objects, url.searchParams.get("prefix") ?? "");
      return answerTo(request, url, key, objects);
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    credentials: CREDENTIALS,
    bucket: BUCKET,
    objects,
    fail() {
      isFailing = true;
    },
    stop: () => server.stop(true),
  };
}

function isSigned(request: Request, url: URL): boolean {
  const own = new Set(["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders"]);
  const query = Object.fromEntries(
    [...url.searchParams].filter(([name]) => !own.has(name) && name !== "X-Amz-Signature"),
  );
  const date = url.searchParams.get("X-Amz-Date") ?? "";
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  const ttlS = Number(url.searchParams.get("X-Amz-Expires"));
  if (Number.isNaN(at) || at + ttlS * 1000 < Date.now()) return false;
  const method = request.method === "PUT" ? "PUT" : "GET";
  const expected = presignedS3(CREDENTIALS, { method, url: new URL(url.origin + url.pathname), ttlS, query }, at);
  return new URL(expected).searchParams.get("X-Amz-Signature") === url.searchParams.get("X-Amz-Signature");
}

async function answerTo(request: Request, url: URL, key: string, objects: FakeS3["objects"]): Promise<Response> {
  if (request.method === "PUT") {
    const encryption = url.searchParams.get("x-amz-server-side-encryption");
    objects.set(key, { bytes: new Uint8Array(await request.arrayBuffer()), encryption });
    return new Response(null, { status: 200 });
  }
  if (request.method === "DELETE") {
    objects.delete(key);
    return new Response(null, { status: 204 });
  }
  const found = objects.get(key);
  if (found === undefined) return new Response("<Error><Code>NoSuchKey</Code></Error>", { status: 404 });
  const headers: Record<string, string> = {
    etag: '"x"',
    "content-type": url.searchParams.get("response-content-type") ?? "binary/octet-stream",
  };
  const disposition = url.searchParams.get("response-content-disposition");
  if (disposition !== null) headers["content-disposition"] = disposition;
  return new Response(found.bytes.slice(), { headers });
}

/** A page of the keys under a prefix, as ListObjectsV2 gives them. */
function listed(objects: FakeS3["objects"], prefix: string): Response {
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  const contents = keys.slice(0, PAGE).map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`);
  const body = `<?xml version="1.0"?><ListBucketResult><Name>${BUCKET}</Name><Prefix>${prefix}</Prefix><KeyCount>${contents.length}</KeyCount><IsTruncated>${keys.length > PAGE}</IsTruncated>${contents.join("")}</ListBucketResult>`;
  return new Response(body, { headers: { "content-type": "application/xml" } });
}
