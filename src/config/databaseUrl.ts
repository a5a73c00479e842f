import { UsageError } from "../platform/errors";

/** Where a database address leads: to a server, or to a file of this machine. */
export type DatabasePlace = { url: string } | { file: string };

/** The parts of an address, for those who keep them apart. */
export interface DatabaseParts {
  user: string;
  password: string;
  host: string;
  port: string;
  name: string;
}

const POSTGRES = /^postgres(?:ql)?(?:\+[a-z0-9_]+)?:\/\//i;
const SQLITE = /^sqlite(?:\+[a-z0-9_]+)?:\/\//i;

/**
 * Reads the forms that the originals and SQLAlchemy know (docs/epistemix.md, "Databases"): `postgres://`,
 * `postgresql://` and `postgresql+DRIVER://`; `sqlite:///FILE`, of which a fourth slash begins an absolute path.
 * @throws UsageError for any other; an address may hold a password and is never repeated.
 */
export function readDatabaseUrl(written: string): DatabasePlace {
  if (POSTGRES.test(written)) return { url: written.replace(POSTGRES, "postgresql://") };
  const rest = SQLITE.test(written) ? written.replace(SQLITE, "") : "";
  const file = rest.startsWith("/") ? rest.slice(1).split("?")[0]! : "";
  if (file !== "" && file !== ":memory:") return { file };
  throw new UsageError(
    "DATABASE_URL: expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE or sqlite:///FILE, got another form.",
  );
}

/** The address that the parts make; user and password may hold any characters. */
export function databaseUrlOf({ user, password, host, port, name }: DatabaseParts): string {
  const [encodedUser, encodedPassword] = [user, password].map(encodeURIComponent);
  return `postgresql://${encodedUser}:${encodedPassword}@${host}:${port}/${encodeURIComponent(name)}`;
}
