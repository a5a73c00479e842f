import { expect, setDefaultTimeout, test } from "bun:test";
import { unzipSync, zipSync } from "fflate";
import { atTestEnd } from "../../support/endings";
import { fakeS3 } from "../../support/fakeS3";
import { until } from "../../support/until";
import { callerOf, runRequest } from "./caller";
import { startEpistemix } from "./support";

setDefaultTimeout(60_000);

test("uploads go straight into a bucket, encrypted, and results come from there", async () => {
  const store = fakeS3();
  atTestEnd(() => store.stop());
  const server = await startEpistemix({
    S3_UPLOAD_BUCKET: store.bucket,
    S3_ENDPOINT_URL: store.url,
    AWS_REGION: store.credentials.region,
    AWS_ACCESS_KEY_ID: store.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: store.credentials.secretAccessKey,
  });
  const call = callerOf(server.roots.mounted);
  const jobId = (await call<{ id: number }>("POST", "/jobs/register", { tags: ["bucket"] })).body.id;
  const { url } = (await call<{ url: string }>("POST", "/jobs", { jobId })).body;
  expect(url).toStartWith(`${store.url}/${store.bucket}/jobs/${jobId}/`);
  const model = "simulation {\n start_date = 2020-Jan-01\n days = 2\n}\ncondition C { state S { } }\n";
  const body = zipSync({ "main.fred": new TextEncoder().encode(model) });
  expect((await fetch(url, { method: "PUT", body })).status).toBe(200);
  await call("POST", "/runs", { runRequests: [runRequest(jobId)] });
  const results = async () =>
    (await call<{ urls: { url: string }[] }>("GET", `/jobs/results?job_id=${jobId}`)).body.urls[0]?.url;
  await until(async () => (await results()) !== undefined, "the result");
  const link = (await results())!;
  expect(link).toStartWith(`${store.url}/${store.bucket}/jobs/${jobId}/`);
  const files = unzipSync(new Uint8Array(await (await fetch(link)).arrayBuffer()));
  expect(new TextDecoder().decode(files["work/outputs/return_code.txt"])).toBe("0\n");
  expect([...store.objects.values()].map(({ encryption }) => encryption)).toEqual(["AES256", "AES256"]);
  const listed = await call<{ uploadType: string; sizeBytes: number }[]>("GET", `/jobs/${jobId}/uploads`);
  expect(listed.body.map(({ uploadType, sizeBytes }) => [uploadType, sizeBytes > 0])).toEqual([
    ["input", true],
    ["results", true],
  ]);
  expect((await call("DELETE", `/jobs/${jobId}`)).status).toBe(200);
  expect(store.objects.size).toBe(0);
});
