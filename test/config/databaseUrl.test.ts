import { describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import { loadConfig } from "../../src/config/load";

const load = (environment: Record<string, string>) => loadConfig({ environment }).values;

describe("the address of the database", () => {
  test.each([
    ["postgres://u:p@h:5432/d", "postgresql://u:p@h:5432/d"],
    ["postgresql://u:p@h/d?sslmode=require", "postgresql://u:p@h/d?sslmode=require"],
    ["postgresql+psycopg2://u:p@h/d", "postgresql://u:p@h/d"],
    ["postgresql+asyncpg://u:p@h/d", "postgresql://u:p@h/d"],
  ])("%s is one of Postgres", (written, url) => {
    expect(load({ DATABASE_URL: written }).DATABASE_URL).toBe(url);
  });

  test.each([
    ["sqlite:///data/a.db", resolve("data/a.db")],
    ["sqlite:///a.db", resolve("a.db")],
    ["sqlite:////srv/a.db", "/srv/a.db"],
    ["sqlite+aiosqlite:////srv/a.db?x=1", "/srv/a.db"],
  ])("%s is a file", (written, file) => {
    const { DATABASE_URL, DATABASE_FILE, DATA_DIR } = load({ DATABASE_URL: written });
    expect([DATABASE_URL, DATABASE_FILE, DATA_DIR]).toEqual([undefined, file, `${file}-data`]);
  });

  test.each(["mysql://u:secret@h/d", "secret", "sqlite://", "sqlite:///:memory:"])(
    "%s is none, and is not repeated",
    (url) => {
      expect(() => load({ DATABASE_URL: url })).toThrow(/^DATABASE_URL: expected (?!.*secret)/);
    },
  );

  test("its five parts make one, whatever user and password hold; an address that is set wins", () => {
    const parts = {
      DATABASE_USER: "a@b",
      DATABASE_PASSWORD: "p/w:d?",
      DATABASE_HOST: "db.example.org",
      DATABASE_PORT: "5433",
      DATABASE_NAME: "epistemix",
    };
    expect(load(parts).DATABASE_URL).toBe("postgresql://a%40b:p%2Fw%3Ad%3F@db.example.org:5433/epistemix");
    expect(load({ ...parts, DATABASE_URL: "postgres://x@h/d" }).DATABASE_URL).toBe("postgresql://x@h/d");
    const { DATABASE_NAME: _name, ...four } = parts;
    expect(() => load(four)).toThrow(/^DATABASE_NAME: needed/);
  });

  test.each([
    ["dev", "development"],
    ["staging", "staging"],
    ["prod", "production"],
    ["Production", "production"],
  ] as const)("FLASK_ENV=%s is the environment %s", (written, environment) => {
    expect(load({ FLASK_ENV: written }).ENVIRONMENT).toBe(environment);
    expect(load({ FLASK_ENV: written, ENVIRONMENT: "testing" }).ENVIRONMENT).toBe("testing");
  });
});
