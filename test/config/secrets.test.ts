import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load";
import { isOpenMode, namedSecret, SECRETS_FILE } from "../../src/config/secrets";
import { scratchFolder } from "../support/program";

setDefaultTimeout(30_000);

const loaded = (environment: Record<string, string> = {}) => loadConfig({ environment });

describe("secrets", () => {
  test("the service is open on loopback alone, unless told otherwise", () => {
    const open = (environment: Record<string, string>) => isOpenMode(loaded(environment));
    expect(["127.0.0.1", "127.8.8.8", "localhost", "::1"].map((HOST) => open({ HOST }))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(["0.0.0.0", "192.168.1.2", "::"].map((HOST) => open({ HOST }))).toEqual([false, false, false]);
    expect(open({ HOST: "0.0.0.0", OPEN: "true" })).toBe(true);
  });

  test("a signing key is made once, kept for its owner alone, and never told", () => {
    const folder = scratchFolder();
    const told: string[] = [];
    const announce = (sentence: string) => told.push(sentence);
    const key = namedSecret("SECRET_KEY", loaded({ HOST: "0.0.0.0" }), folder, announce);
    expect(key).toHaveLength(43);
    expect(statSync(join(folder, SECRETS_FILE)).mode & 0o777).toBe(0o600);
    expect(namedSecret("SECRET_KEY", loaded(), folder, announce)).toBe(key);
    expect(told).toHaveLength(1);
    expect(told[0]).not.toContain(key);
  });

  test("a key in the settings wins and is not written anywhere", () => {
    const folder = scratchFolder();
    expect(namedSecret("SECRET_KEY", loaded({ SECRET_KEY: "mine" }), folder, () => undefined)).toBe("mine");
    expect(() => readFileSync(join(folder, SECRETS_FILE))).toThrow();
  });

  test("each secret has a line of its own in the one file", () => {
    const folder = scratchFolder();
    const make = (name: "SECRET_KEY" | "MARKET_ADMIN_KEY") => namedSecret(name, loaded(), folder, () => undefined);
    const [key, admin] = [make("SECRET_KEY"), make("MARKET_ADMIN_KEY")];
    expect(key).not.toBe(admin);
    expect([make("SECRET_KEY"), make("MARKET_ADMIN_KEY")]).toEqual([key, admin]);
  });
});
