import { describe, test } from "bun:test";
import { lacks } from "../../support/lacks";

// Hangfire#1183, #817; db-scheduler#402, airflow#13747; minio-go#1046, minio#20964; bullmq#2215, #419
describe.skipIf(lacks("workers on several machines, with Postgres, Redis and S3, which are not there yet", false))(
  "with workers on several machines",
  () => {
    test.each([
      "Postgres is away for 30 s while five jobs run: none runs twice at a time, and who lost his lease ends his handler",
      "a worker whose clock is ten minutes ahead or behind keeps its leases, which are dated by the database",
      "a link is signed for S3_PUBLIC_ENDPOINT_URL, and works there",
      "Redis that may evict keys is warned of in log and doctor, and rows refill what is gone",
    ])("%s", (what) => {
      throw new Error(`not written: ${what}`);
    });
  },
);
