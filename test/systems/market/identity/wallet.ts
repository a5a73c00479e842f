import { secp256k1 } from "@noble/curves/secp256k1.js";
import { addressOf, personalDigest } from "../../../../src/systems/market/identity/signatures";

/** What a wallet answers to `personal_sign`: r, s and 27 or 28, as hex. */
export function signPersonal(message: string, secretKey: Uint8Array): string {
  const signed = secp256k1.sign(personalDigest(message), secretKey, { prehash: false, format: "recovered" });
  const [recovery, ...scalars] = signed;
  return `0x${Buffer.from(scalars).toString("hex")}${(27 + recovery!).toString(16)}`;
}

/** A wallet of its own for a test: an address and its key. */
export function newWallet(): { address: string; secretKey: Uint8Array } {
  const { secretKey } = secp256k1.keygen();
  return { secretKey, address: addressOf(secp256k1.getPublicKey(secretKey, false)) };
}
