import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { lacksPostgres, type PostgresServer, startPostgres } from "../../platform/database/postgresServer";
import { run, scratchFolder } from "../../support/program";
import { startJobsForTest } from "./startJobsForTest";
import { caller, login, PASSWORD } from "./support";

setDefaultTimeout(60_000);

/** The tables as the Simulation & Report API makes them at its first start. */
const ORIGINAL_TABLES = `
  CREATE TYPE simulation_status AS ENUM ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED');
  CREATE TYPE report_status AS ENUM ('PENDING', 'GENERATING', 'COMPLETED', 'FAILED');
  CREATE TABLE users (id uuid PRIMARY KEY, email varchar(255) NOT NULL UNIQUE, hashed_password varchar(255) NOT NULL,
    full_name varchar(255), is_active boolean, is_superuser boolean, external_id varchar(255) UNIQUE,
    created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now());
  CREATE TABLE simulation_jobs (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users(id),
    simulation_type varchar(255) NOT NULL, status simulation_status NOT NULL, progress numeric(5, 4),
    parameters jsonb NOT NULL, parameters_s3_key varchar(512), result_s3_key varchar(512), result_size_bytes bigint,
    error_code varchar(100), error_message text, job_metadata jsonb NOT NULL, callback_url varchar(2048),
    created_at timestamptz DEFAULT now(), started_at timestamptz, completed_at timestamptz);
  CREATE INDEX ix_simulation_jobs_user_id ON simulation_jobs (user_id);
  CREATE TABLE reports (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users(id), report_type varchar(255) NOT NULL,
    output_format varchar(50) NOT NULL, status report_status NOT NULL, simulation_job_ids uuid[] NOT NULL,
    parameters jsonb NOT NULL, s3_key varchar(512), content_type varchar(100), size_bytes bigint,
    error_code varchar(100), error_message text, created_at timestamptz DEFAULT now(), completed_at timestamptz,
    expires_at timestamptz)`;

const ID = (n: number) => `00000000-0000-4000-8000-${`${n}`.padStart(12, "0")}`;

describe.skipIf(lacksPostgres)("a database of the original", () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  test("is taken over by migrate up: users sign in as before, their jobs are there, what waited is run", async () => {
    const url = await postgres.database();
    await fillAsOriginal(url);
    const dataDir = scratchFolder();
    const env = { DATABASE_URL: url, JOBS_CONCURRENCY: "1" };
    const migrated = await run(["migrate", "up", "--data-dir", dataDir], { env });
    expect([migrated.code, migrated.err]).toEqual([0, ""]);

    const server = await startJobsForTest(env, { dataDir });
    const user = caller(server.url, await login(server.url, "anna@example.org", PASSWORD));
    expect((await user.call("GET", "/auth/me")).body).toMatchObject({ id: ID(1), full_name: "Anna Example" });
    expect(await user.reaches(ID(11))).toMatchObject({ status: "COMPLETED", simulation_type: "selftest", attempt: 1 });
    expect(await user.reaches(ID(12))).toMatchObject({ status: "COMPLETED", job_metadata: { of: "the running one" } });
    expect(await user.status(ID(13))).toMatchObject({
      status: "FAILED",
      progress: 0.25,
      error: { code: "SIMULATION_ERROR", message: "it broke" },
      created_at: "2026-01-02T03:04:05.000Z",
      completed_at: "2026-01-02T03:05:05.500Z",
    });
    const listed = await user.call<unknown[]>("GET", "/simulations?status=COMPLETED");
    expect([listed.headers.get("x-total-count"), listed.body.length]).toEqual(["2", 2]);
    const report = await user.call("GET", `/reports/${ID(21)}`);
    expect(report.body).toMatchObject({ status: "COMPLETED", simulation_job_ids: [ID(13)] });
    expect(await user.submit("selftest", { steps: 1 }).then((id) => user.reaches(id))).toMatchObject({ attempt: 1 });

    await using sql = new Bun.SQL(url, { max: 1 });
    const [{ hash }] = await sql`SELECT hashed_password AS hash FROM users WHERE id = ${ID(1)}`;
    expect(hash).toStartWith("$argon2id$");
    const emails = await sql`SELECT email FROM users ORDER BY email`;
    expect(emails.map(({ email }: { email: string }) => email)).toEqual(["anna@example.org", "anna@example.org#2"]);
    expect(await sql`SELECT count(*)::int AS n FROM original.simulation_jobs`).toEqual([{ n: 3 }]);
  });

  async function fillAsOriginal(url: string): Promise<void> {
    await using sql = new Bun.SQL(url, { max: 1 });
    await sql.unsafe(ORIGINAL_TABLES).simple();
    const hash = await Bun.password.hash(PASSWORD, { algorithm: "bcrypt", cost: 4 });
    await sql
      .unsafe(`
      INSERT INTO users VALUES
        ('${ID(1)}', 'Anna@example.org', '${hash}', 'Anna Example', true, false, NULL, '2026-01-01T00:00:00Z'),
        ('${ID(2)}', 'anna@Example.org', '${hash}', NULL, NULL, NULL, 'sso-2', '2026-01-02T00:00:00Z');
      INSERT INTO simulation_jobs (id, user_id, simulation_type, status, progress, parameters, error_code, error_message,
          job_metadata, created_at, completed_at) VALUES
        ('${ID(11)}', '${ID(1)}', 'selftest', 'PENDING', NULL, '{"steps": 2}', NULL, NULL, '{}', now(), NULL),
        ('${ID(12)}', '${ID(1)}', 'selftest', 'RUNNING', 0.5, '{"steps": 2}', NULL, NULL, '{"of": "the running one"}',
          now(), NULL),
        ('${ID(13)}', '${ID(1)}', 'monte_carlo', 'FAILED', 0.25, '{}', 'SIMULATION_ERROR', 'it broke', '{}',
          '2026-01-02T03:04:05Z', '2026-01-02T03:05:05.5Z');
      INSERT INTO reports (id, user_id, report_type, output_format, status, simulation_job_ids, parameters, s3_key,
          content_type, size_bytes, completed_at) VALUES
        ('${ID(21)}', '${ID(1)}', 'summary', 'PDF', 'COMPLETED', '{${ID(13)}}', '{}', 'reports/a/b/summary.pdf',
          'application/pdf', 100, now())`)
      .simple();
  }
});
