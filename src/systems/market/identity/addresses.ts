import { keccak_256 } from "@noble/hashes/sha3.js";
import { isAddress } from "./signatures";

/** An address with the capitals that tell typing errors (EIP-55): those digits whose hash digit is 8 or more. */
export function withChecksum(address: string): string {
  const digits = address.slice(2).toLowerCase();
  const hash = Buffer.from(keccak_256(new TextEncoder().encode(digits))).toString("hex");
  const cased = [...digits].map((digit, i) => (Number.parseInt(hash[i]!, 16) >= 8 ? digit.toUpperCase() : digit));
  return `0x${cased.join("")}`;
}

/**
 * What is wrong with an address, or undefined. One that is all in small or all in capital letters carries no checksum.
 */
export function addressFault(address: string): string | undefined {
  if (!isAddress(address)) return "consumer_address must be 0x and 40 hex digits";
  const digits = address.slice(2);
  if (digits === digits.toLowerCase() || digits === digits.toUpperCase()) return undefined;
  const right = withChecksum(address);
  return right.slice(2) === digits
    ? undefined
    : `consumer_address has a typing error: its checksum would be that of ${right}`;
}
