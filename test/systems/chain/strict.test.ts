import { describe, expect, test } from "bun:test";
import { argon2id } from "@noble/hashes/argon2.js";
import { digestOf } from "../../../src/systems/chain/proof";
import { blockTypeOf } from "../../../src/systems/chain/rules";
import { block, chainWith, newKey, time } from "./chainBench";

describe("strict mode", () => {
  const account = `0x${"ab".repeat(20)}`;
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64").replaceAll("=", "");

  /** An honest proof by a library that the chain does not use, with whatever marker its digest happens to hold. */
  function mine(key: string, memory: number, address = account) {
    const salt = Buffer.from(address.slice(2), "hex");
    const digest = base64(argon2id(key, salt, { m: memory, t: 1, p: 1, dkLen: 64, version: 0x13 }));
    return { digest, encoded: `$argon2id$v=19$m=${memory},t=1,p=1$${base64(salt)}$${digest}` };
  }

  test("takes a genuine proof and nothing that is forged", async () => {
    const key = newKey("abcd");
    const { digest, encoded } = mine(key, 100);
    const marker = digest.slice(10, 13);
    const chain = await chainWith({ CHAIN_STRICT: "true", CHAIN_DIFFICULTY: "100", BLOCK_MARKER: marker });
    const say = async (changes: Record<string, unknown>) => {
      const { status, body } = await chain.call(
        "/verify",
        block({ key, account, hash_to_verify: encoded, ...changes }),
      );
      return [status, body.message];
    };
    expect(await say({ key: newKey("ff") })).toEqual([500, "Hash is not that of the key"]);
    expect(await say({ account: `0x${"ac".repeat(20)}` })).toEqual([500, "Salt is not the account's address"]);
    expect(await say({ hash_to_verify: `xx${marker}` })).toEqual([
      500,
      "Hash is not an encoded Argon2id string with v=19, t=1, p=1, a 20-byte salt, 64 bytes",
    ]);
    expect(await say({ hash_to_verify: mine(key, 101).encoded + marker })).toEqual([
      500,
      expect.stringContaining("not an encoded"),
    ]);
    expect(await say({})).toEqual([200, "Block accepted: normal #1"]);
    expect(await say({})).toEqual([409, "Key already exists"]);
    await chain.close();
  });

  test("the marker must stand in the digest, and the memory be that of the difficulty", async () => {
    const key = newKey();
    const easy = mine(key, 100);
    const chain = await chainWith({ CHAIN_STRICT: "true", CHAIN_DIFFICULTY: "100", BLOCK_MARKER: "argon2id" });
    const first = await chain.call("/verify", block({ key, account, hash_to_verify: easy.encoded }));
    expect(first.body.message).toBe("The marker is not in the digest");
    const light = mine(key, 99);
    const second = await chain.call("/verify", block({ key, account, hash_to_verify: light.encoded }));
    expect(second.body.message).toBe("Hash has m=99, the difficulty is 100");
    const [, , , parameters, ...rest] = light.encoded.split("$");
    expect(parameters).toBe("m=99,t=1,p=1");
    const huge = ["", "argon2id", "v=19", "m=999999,t=1,p=1", ...rest].join("$");
    const third = await chain.call("/verify", block({ key, account, hash_to_verify: huge }));
    expect(third.body.message).toBe("Hash has m=999999, more than 100000");
    await chain.close();
  });

  test("a genuine proof with more memory than the difficulty is taken: it is more work", async () => {
    const key = newKey();
    const { digest, encoded } = mine(key, 200);
    const marker = digest.slice(3, 6);
    const chain = await chainWith({ CHAIN_STRICT: "true", CHAIN_DIFFICULTY: "100", BLOCK_MARKER: marker });
    expect((await chain.call("/verify", block({ key, account, hash_to_verify: encoded }))).status).toBe(200);
    await chain.close();
  });

  test("the capitals of the digest alone make a block super, as miners count", async () => {
    const key = newKey();
    const { digest, encoded } = mine(key, 100);
    expect(digest.replace(/[^A-Z]/g, "").length).toBeLessThan(50);
    const marker = digest.slice(3, 6);
    const chain = await chainWith({ CHAIN_STRICT: "true", CHAIN_DIFFICULTY: "100", BLOCK_MARKER: marker });
    const capitals = "A".repeat(50);
    expect(blockTypeOf(digestOf(`$${capitals}$${digest}`), marker)).toBe("normal");
    expect(blockTypeOf(`$${capitals}$${digest}`, marker)).toBe("super");
    const { body } = await chain.call("/verify", block({ key, account, hash_to_verify: encoded }));
    expect(body.block_type).toBe("normal");
    await chain.close();
  });

  test("a proof that was in flight over two rises is taken", async () => {
    const proofs = [newKey(), newKey(), newKey()].map((key) => ({ key, ...mine(key, 100) }));
    const shared = [...proofs[0]!.digest].find((letter) => proofs.every(({ digest }) => digest.includes(letter)))!;
    const settings = { CHAIN_STRICT: "true", CHAIN_DIFFICULTY: "100", CHAIN_ADJUST_INTERVAL: "1" };
    const chain = await chainWith({ ...settings, BLOCK_MARKER: shared });
    for (const { key, encoded } of proofs) {
      expect((await chain.call("/verify", block({ key, account, hash_to_verify: encoded }))).status).toBe(200);
    }
    await chain.close();
  });

  test("the difficulty before the last rise counts for a minute more", async () => {
    const proofs = [newKey(), newKey(), newKey()].map((key) => ({ key, ...mine(key, 100) }));
    const shared = [...proofs[0]!.digest].find((letter) => proofs.every(({ digest }) => digest.includes(letter)))!;
    const chain = await chainWith({
      CHAIN_STRICT: "true",
      CHAIN_DIFFICULTY: "100",
      CHAIN_ADJUST_INTERVAL: "1",
      BLOCK_MARKER: shared,
    });
    const submit = async (i: number) =>
      (await chain.call("/verify", block({ key: proofs[i]!.key, account, hash_to_verify: proofs[i]!.encoded }))).status;
    expect(await submit(0)).toBe(200);
    time.nowMs += 59_000;
    expect(await submit(1)).toBe(200);
    time.nowMs += 61_000;
    expect(await submit(2)).toBe(500);
    await chain.close();
  });

  test("the event loop goes on while proofs are computed", async () => {
    const key = newKey();
    const { encoded, digest } = mine(key, 20_000);
    const chain = await chainWith({
      CHAIN_STRICT: "true",
      CHAIN_DIFFICULTY: "20000",
      BLOCK_MARKER: digest.slice(0, 2),
    });
    let longestMs = 0;
    let lastMs = performance.now();
    const timer = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - lastMs);
      lastMs = performance.now();
    }, 1);
    const startMs = performance.now();
    const { status } = await chain.call("/verify", block({ key, account, hash_to_verify: encoded }));
    const tookMs = performance.now() - startMs;
    clearInterval(timer);
    expect(status).toBe(200);
    expect(longestMs).toBeLessThan(Math.max(tookMs * 0.8, 10));
    await chain.close();
  });
});
