import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { isPublicAddress } from "./address";

/** How far requests to addresses that a caller named may go. */
export interface Reach {
  /** Whether this machine and private networks may be reached. */
  allowPrivate: boolean;
  /** The setting that allows it, for the sentence of a refusal. */
  allowedBy: string;
  /** Where names lead; by default as the system says. */
  resolve?: Resolve;
}

/** Gives all addresses of a name. */
export type Resolve = (name: string) => Promise<string[]>;

/** An address that is not asked, with the reason: another try would end in the same way. */
export class RefusedAddress extends Error {
  override readonly name = "RefusedAddress";
}

/** @throws RefusedAddress for what is no http or https address, holds a password, or is private. */
export function checkedUrl(url: string, reach: Reach): URL {
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== "http:" && parsed.protocol !== "https:")) {
    throw new RefusedAddress("Only http and https addresses are called.");
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new RefusedAddress("An address with a password is not called.");
  }
  const literal = parsed.hostname.replace(/^\[|\]$/g, "");
  const isLiteral = /^[\d.]+$/.test(literal) || literal.includes(":");
  if (isLiteral && !reach.allowPrivate && !isPublicAddress(literal)) throw privateAddress(literal, reach);
  return parsed;
}

/**
 * Gives the connection the addresses that passed, so that a name cannot lead elsewhere between check and call; one that
 * does not pass refuses the name.
 */
export function checkedLookup(reach: Reach): LookupFunction {
  const { allowPrivate, resolve = resolveBySystem } = reach;
  return (hostname, options, callback) => {
    resolve(hostname)
      .then((addresses) => {
        const inside = addresses.find((address) => !allowPrivate && !isPublicAddress(address));
        if (inside !== undefined) throw privateAddress(inside, reach);
        const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
        if (found.length === 0) throw new Error(`${hostname} has no address`);
        if (options.all) callback(null, found);
        else callback(null, found[0]!.address, found[0]!.family);
      })
      .catch((error: Error) => callback(error, []));
  };
}

function resolveBySystem(name: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    systemLookup(name, { all: true }, (error, found) => {
      if (error === null) resolve(found.map(({ address }) => address));
      else reject(error);
    });
  });
}

function privateAddress(address: string, { allowedBy }: Reach): RefusedAddress {
  return new RefusedAddress(`${address} is a private or special address; ${allowedBy}=true allows such.`);
}
