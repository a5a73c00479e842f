import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { lacksPostgres, type PostgresServer, startPostgres } from "../../platform/database/postgresServer";
import { run, scratchFolder } from "../../support/program";
import { callerOf } from "./caller";
import { startEpistemix } from "./support";

setDefaultTimeout(60_000);

type Revision = "001" | "002";

const ADDRESS = "https://bucket.s3.amazonaws.com/jobs/7/2025/03/04/050607";

/** The tables and rows that the original leaves at a revision, in the words of one of its databases. */
function originalTables(revision: Revision, dialect: "sqlite" | "postgres"): string {
  const [id, time, json] =
    dialect === "sqlite" ? ["INTEGER PRIMARY KEY", "DATETIME", "JSON"] : ["SERIAL PRIMARY KEY", "TIMESTAMP", "JSON"];
  const results = revision === "002" ? `, results_url TEXT, results_uploaded_at ${time}` : "";
  const config = revision === "002" ? "config_url" : "url";
  const result =
    revision === "002" ? `, '${ADDRESS}/run_9_results.zip?X-Amz-Signature=abc', '2025-03-04 06:00:00'` : "";
  const none = revision === "002" ? ", NULL, NULL" : "";
  return `
    CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
    INSERT INTO alembic_version VALUES ('${revision}');
    CREATE TABLE jobs (id ${id}, user_id INTEGER NOT NULL, tags ${json} NOT NULL, status VARCHAR(50) NOT NULL,
      created_at ${time} NOT NULL, updated_at ${time} NOT NULL, input_location TEXT, config_location TEXT, job_metadata ${json});
    CREATE INDEX idx_jobs_status ON jobs (status);
    CREATE TABLE runs (id ${id}, job_id INTEGER NOT NULL REFERENCES jobs(id), user_id INTEGER NOT NULL,
      created_at ${time} NOT NULL, updated_at ${time} NOT NULL, request ${json} NOT NULL, pod_phase VARCHAR(50) NOT NULL,
      container_status VARCHAR(50), status VARCHAR(50) NOT NULL, user_deleted INTEGER NOT NULL DEFAULT 0,
      epx_client_version VARCHAR(50) NOT NULL, ${config} TEXT${results});
    CREATE INDEX idx_runs_job ON runs (job_id);
    INSERT INTO jobs VALUES (7, 123, '["a", "b"]', 'submitted', '2025-03-04 05:06:07.250000', '2025-03-04 05:07:00',
      '${ADDRESS}/job_input.zip?X-Amz-Signature=abc', NULL, '{"k": 1}');
    INSERT INTO jobs VALUES (8, 123, '[]', 'CREATED', '2025-03-05 00:00:00', '2025-03-05 00:00:00', NULL, NULL, NULL);
    INSERT INTO runs VALUES (9, 7, 123, '2025-03-04 05:10:00', '2025-03-04 05:20:00', '{"jobId": 7}', 'Succeeded', NULL,
      'DONE', 0, '1.2.2', '${ADDRESS}/run_9_config.json'${result});
    INSERT INTO runs VALUES (10, 7, 123, '2025-03-04 05:10:00', '2025-03-04 05:20:00', '{"jobId": 7}', 'Running', NULL,
      'RUNNING', 1, '1.2.1', NULL${none});`;
}

/** Goes over what was taken over, by the program itself. */
async function lookAround(env: Record<string, string>, revision: Revision): Promise<void> {
  const server = await startEpistemix(env);
  const call = callerOf(server.roots.mounted);
  const jobs = (await call<{ jobs: object[] }>("GET", "/jobs/me")).body.jobs;
  expect(jobs).toEqual([
    { id: 8, userId: 123, tags: [], created: "2025-03-05T00:00:00.000Z" },
    { id: 7, userId: 123, tags: ["a", "b"], created: "2025-03-04T05:06:07.250Z" },
  ]);
  const { runs } = (await call<{ runs: Record<string, unknown>[] }>("GET", "/runs?job_id=7")).body;
  expect(runs).toMatchObject([
    { id: 9, status: "DONE", podPhase: "Succeeded", createdTs: "2025-03-04T05:10:00.000Z", request: { jobId: 7 } },
    { id: 10, status: "ERROR", podPhase: "Running", userDeleted: true, epxClientVersion: "1.2.1", config_url: null },
  ]);
  // Signed anew by this server, with the key of old.
  expect(runs[0]!["config_url"]).toContain(`/blobs/jobs/7/2025/03/04/050607/run_9_config.json?op=get`);
  const uploadedAt = revision === "002" ? "2025-03-04T06:00:00.000Z" : null;
  expect(runs[0]!["results_uploaded_at"]).toBe(uploadedAt);
  // Counting goes on behind the old ids.
  expect((await call("POST", "/jobs/register", { tags: ["new"] })).body["id"]).toBe(123);
  expect(await server.stop()).toBe(0);
}

describe.each(["001", "002"] as const)("a SQLite database of the original at revision %s", (revision) => {
  test("is taken over with its rows by migrate up, and goes down to nothing and up again", async () => {
    const file = join(scratchFolder(), "epistemix.db");
    const database = new Database(file);
    database.run(originalTables(revision, "sqlite"));
    database.close();
    const env = { DATABASE_URL: `sqlite:///${file}` };
    const migrate = (...words: string[]) => run(["migrate", ...words], { env });
    expect(await migrate("up")).toMatchObject({ code: 0, out: expect.stringContaining("up    0006_epistemix") });
    expect((await migrate("current")).out).toContain("(head)");
    await lookAround(env, revision);
    expect((await migrate("down", "base")).code).toBe(0);
    expect((await migrate("history")).out).toContain("0006_epistemix  pending");
    expect((await migrate("reset", "--yes")).code).toBe(0);
    expect((await migrate("current")).out).toContain("(head)");
  });
});

describe.skipIf(lacksPostgres)("a Postgres database of the original", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  test.each(["001", "002"] as const)("at revision %s is taken over with its rows by migrate up", async (revision) => {
    const url = await server.database();
    {
      await using sql = new Bun.SQL(url, { max: 1 });
      await sql.unsafe(originalTables(revision, "postgres")).simple();
    }
    const env = { DATABASE_URL: url };
    const migrate = (...words: string[]) => run(["migrate", ...words], { env });
    expect(await migrate("up")).toMatchObject({ code: 0, out: expect.stringContaining("up    0006_epistemix") });
    expect((await migrate("current")).out).toContain("(head)");
    await lookAround(env, revision);
    expect((await migrate("down", "base")).code).toBe(0);
    expect((await migrate("reset", "--yes")).code).toBe(0);
    expect((await migrate("history")).out).not.toContain("pending");
  });
});
