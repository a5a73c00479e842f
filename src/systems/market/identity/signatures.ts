import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";

const ADDRESS = /^0x[0-9a-f]{40}$/i;
const SIGNATURE = /^(0x)?[0-9a-f]{130}$/i;
const SCALARS_BYTES = 64;
const FIRST_RECOVERY_BYTE = 27;
const ADDRESS_BYTES = 20;

/** Whether a text is an Ethereum address: `0x` and 40 hex digits. */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/**
 * The lower-case address whose key signed `message` in the way of `personal_sign` (EIP-191, version 0x45), or
 * undefined when the signature is none. The recovery byte may be 0, 1, 27 or 28.
 */
export function signerOf(message: string, signature: string): string | undefined {
  if (!SIGNATURE.test(signature)) return undefined;
  const bytes = Buffer.from(signature.replace(/^0x/i, ""), "hex");
  const last = bytes[SCALARS_BYTES]!;
  const recovery = last >= FIRST_RECOVERY_BYTE ? last - FIRST_RECOVERY_BYTE : last;
  if (recovery > 1) return undefined;
  try {
    const scalars = secp256k1.Signature.fromBytes(bytes.subarray(0, SCALARS_BYTES), "compact");
    const point = scalars.addRecoveryBit(recovery).recoverPublicKey(personalDigest(message));
    return addressOf(point.toBytes(false));
  } catch {
    // The library throws on scalars out of range and on points that are not on the curve: no key signed this.
    return undefined;
  }
}

/** The digest that wallets sign for a message (EIP-191): keccak-256 over prefix, length in bytes, and text. */
export function personalDigest(message: string): Uint8Array {
  const text = new TextEncoder().encode(message);
  const prefix = new TextEncoder().encode(`\x19Ethereum Signed Message:\n${text.length}`);
  return keccak_256(Buffer.concat([prefix, text]));
}

/** The lower-case address of an uncompressed public key (65 bytes). */
export function addressOf(publicKey: Uint8Array): string {
  return `0x${Buffer.from(keccak_256(publicKey.subarray(1)).subarray(-ADDRESS_BYTES)).toString("hex")}`;
}
