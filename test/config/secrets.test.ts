import { describe, expect, test } from "bun:test";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load";
import { isOpenMode, SECRETS_FILE, signingKey } from "../../src/config/secrets";
import { scratchFolder } from "../support/program";

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
    const key = signingKey(loaded({ HOST: "0.0.0.0" }), folder, announce);
    expect(key).toHaveLength(43);
    expect(statSync(join(folder, SECRETS_FILE)).mode & 0o777).toBe(0o600);
    expect(signingKey(loaded(), folder, announce)).toBe(key);
    expect(told).toHaveLength(1);
    expect(told[0]).not.toContain(key);
  });

  test("a key in the settings wins and is not written anywhere", () => {
    const folder = scratchFolder();
    expect(signingKey(loaded({ SECRET_KEY: "mine" }), folder, () => undefined)).toBe("mine");
    expect(() => readFileSync(join(folder, SECRETS_FILE))).toThrow();
  });

  test("a file of secrets without the key is a sentence, not a new key", () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, SECRETS_FILE), "OTHER=1\n");
    expect(() => signingKey(loaded(), folder, () => undefined)).toThrow(SECRETS_FILE);
  });
});
