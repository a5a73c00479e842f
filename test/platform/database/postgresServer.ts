import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lacks } from "../../support/lacks";
import { freePort } from "../../support/ports";

/** A Postgres server of this run alone, on a free port, with data that ends with it. */
export interface PostgresServer {
  /** The address of a new, empty database. */
  database(): Promise<string>;
  /** The address of one more database that does not exist. */
  missing(): string;
  stop(): Promise<void>;
}

/** Whether the tests that need Postgres must be skipped on this machine. */
export const lacksPostgres = lacks(
  "Postgres' initdb and postgres (Debian: postgresql)",
  binary("initdb") !== undefined && binary("postgres") !== undefined,
);

function binary(name: string): string | undefined {
  const versions = [...new Bun.Glob(`*/bin/${name}`).scanSync({ cwd: "/usr/lib/postgresql", onlyFiles: false })];
  return versions[0] === undefined ? (Bun.which(name) ?? undefined) : join("/usr/lib/postgresql", versions[0]);
}

/** Postgres refuses to run as root; nobody owns its data then. */
const asUser = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
/** Its data need not outlive the machine. */
const SERVER_SETTINGS = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"];
const READY_DEADLINE_MS = 20_000;

export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "foresight-postgres-"));
  if (asUser.length > 0) Bun.spawnSync(["chown", "65534:65534", folder]);
  chmodSync(folder, 0o700);
  const data = join(folder, "data");
  const made = Bun.spawnSync(
    [...asUser, binary("initdb")!, "-D", data, "-U", "tester", "--auth=trust", "-E", "UTF8", "--no-sync"],
    { cwd: "/", stdout: "ignore", stderr: "pipe" },
  );
  if (made.exitCode !== 0) throw new Error(`initdb failed: ${made.stderr.toString()}`);
  const port = freePort();
  const server = Bun.spawn(
    [...asUser, binary("postgres")!, "-D", data, "-p", `${port}`, "-k", folder, ...SERVER_SETTINGS],
    { cwd: "/", stdout: "ignore", stderr: "ignore" },
  );
  const address = (database: string) => `postgres://tester:a-password@127.0.0.1:${port}/${database}`;
  await untilReady(address("postgres"));
  let next = 0;
  return {
    async database() {
      const name = `test_${next++}`;
      await using sql = new Bun.SQL(address("postgres"), { max: 1 });
      await sql.unsafe(`CREATE DATABASE ${name}`);
      return address(name);
    },
    missing: () => address("missing"),
    async stop() {
      server.kill("SIGQUIT");
      await server.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(url: string): Promise<void> {
  const giveUpAt = performance.now() + READY_DEADLINE_MS;
  for (;;) {
    try {
      await using sql = new Bun.SQL(url, { max: 1, connectionTimeout: 2 });
      await sql`SELECT 1`;
      return;
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await Bun.sleep(20);
    }
  }
}
