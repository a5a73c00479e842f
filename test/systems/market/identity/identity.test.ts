import { describe, expect, test } from "bun:test";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { SignJWT } from "jose";
import { deriveApiKey, hashApiKey } from "../../../../src/systems/market/identity/apiKeys";
import { createNonces, NONCE_LIFE_MS, signInMessage } from "../../../../src/systems/market/identity/nonces";
import { addressOf, isAddress, signerOf } from "../../../../src/systems/market/identity/signatures";
import { createWalletTokens, TOKEN_LIFE_S } from "../../../../src/systems/market/identity/walletTokens";
import { signPersonal } from "./wallet";

const secretKey = new Uint8Array(32).fill(7);
const address = addressOf(secp256k1.getPublicKey(secretKey, false));

describe("wallet signatures", () => {
  test("a known signature leads to its address", () => {
    // The pair of the web3 and ethers documentation: key 0x4c08...2318, message "Some data".
    const signature =
      "0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd" +
      "6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c";
    expect(signerOf("Some data", signature)).toBe("0x2c7536e3605d9c16a7a3d7b1898e529396a65c23");
  });

  test("what this module reads is what a wallet signs, with recovery bytes 0 and 1 as well as 27 and 28", () => {
    for (const message of ["", "Sign this message", "sch\u00f6n \u{1F600}"]) {
      const signature = signPersonal(message, secretKey);
      expect(signerOf(message, signature)).toBe(address);
      const lowByte = (Number.parseInt(signature.slice(-2), 16) - 27).toString(16).padStart(2, "0");
      expect(signerOf(message, signature.slice(0, -2) + lowByte)).toBe(address);
    }
  });

  test("other texts, lengths, recovery bytes and scalars out of range have no signer", () => {
    const signature = signPersonal("a", secretKey);
    expect(signerOf("b", signature)).not.toBe(address);
    const order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    const none = [
      "",
      "0x",
      "zz",
      signature.slice(0, -2),
      `${signature}00`,
      `${signature.slice(0, -2)}1d`,
      `0x${"00".repeat(65)}`,
      `0x${order}${order}1b`,
    ];
    for (const text of none) expect(signerOf("a", text)).toBeUndefined();
  });

  test("an address is 0x and 40 hex digits", () => {
    expect(isAddress(address)).toBe(true);
    for (const text of ["", "0x", address.slice(1), `${address}0`, `0x${"g".repeat(40)}`])
      expect(isAddress(text)).toBe(false);
  });
});

describe("nonces", () => {
  test("are good once, for their address in any case, and not for ever", () => {
    let nowMs = 0;
    const nonces = createNonces(() => nowMs);
    const nonce = nonces.issue(address.toUpperCase());
    expect(nonce).toMatch(/^[0-9a-f]{32}$/);
    expect(nonces.redeem("0xother", nonce)).toBe(false);
    expect(nonces.redeem(address, "wrong")).toBe(false);
    expect(nonces.redeem(address, nonce)).toBe(true);
    expect(nonces.redeem(address, nonce)).toBe(false);
    const late = nonces.issue(address);
    nowMs += NONCE_LIFE_MS;
    expect(nonces.redeem(address, late)).toBe(false);
  });

  test("stay good however many others ask for the same address, and for no other process", () => {
    const nonces = createNonces(() => 0);
    const first = nonces.issue(address);
    for (let i = 0; i < 1000; i++) nonces.issue(address);
    expect(createNonces(() => 0).redeem(address, first)).toBe(false);
    expect(
      nonces.redeem(
        address,
        first.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")),
      ),
    ).toBe(false);
    expect(nonces.redeem(address, first)).toBe(true);
  });

  test("the text to sign is the one wallets know", () => {
    expect(signInMessage("ab")).toBe("Sign this message to authenticate with XenBlocks.\n\nNonce: ab");
  });
});

describe("API keys", () => {
  test("are 32 hex digits, the same for the same version, different for every other account, version and secret", () => {
    const key = deriveApiKey("s", "alice", 1);
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(deriveApiKey("s", "alice", 1)).toBe(key);
    const others = [deriveApiKey("s", "alice", 2), deriveApiKey("s", "bob", 1), deriveApiKey("t", "alice", 1)];
    expect(new Set([key, ...others]).size).toBe(4);
    expect(hashApiKey(key)).not.toContain(key);
  });
});

describe("wallet tokens", () => {
  const claims = { address, role: "provider", accountId: "w1" };
  let nowMs = 1_700_000_000_000;
  const tokens = createWalletTokens("a secret of some length", () => nowMs);

  test("give back what they were made of, for a day", async () => {
    nowMs = 1_700_000_000_000;
    const token = await tokens.sign(claims);
    expect(await tokens.verify(token)).toEqual(claims);
    nowMs += TOKEN_LIFE_S * 1000 + 1000;
    expect(await tokens.verify(token)).toBeUndefined();
  });

  test("forged, unsigned, foreign and endless ones are none", async () => {
    nowMs = 1_700_000_000_000;
    const token = await tokens.sign(claims);
    const [header, payload] = token.split(".") as [string, string, string];
    const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
    const foreign = await createWalletTokens("another secret", () => nowMs).sign(claims);
    const key = new TextEncoder().encode("a secret of some length");
    const endless = await new SignJWT({ account_id: "w1" })
      .setProtectedHeader({ alg: "HS256" })
      .setSubject(address)
      .sign(key);
    for (const bad of ["", "a.b.c", `${header}.${payload}.AAAA`, unsigned, foreign, endless]) {
      expect(await tokens.verify(bad)).toBeUndefined();
    }
  });
});
