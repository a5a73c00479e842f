import { createHmac, timingSafeEqual } from "node:crypto";
import { RequestError } from "../../../platform/errors";
import type { Nano } from "../rules/money";

/** What an estimate promises for a short time. */
export interface Quote {
  workerId: string;
  pricePerMin: Nano;
  durationSec: number;
}

/** Quotes are told to whoever asks, so they carry their own proof and nothing is kept. */
export interface Quotes {
  /** A text that stands for the quote until it ends. */
  idOf(quote: Quote): string;
  /** @throws RequestError 400 for a text that is none, 410 for a quote that has ended. */
  read(id: string): Quote;
}

export const QUOTE_LIFE_MS = 60_000;
const MAC_BYTES = 16;

export function createQuotes(secret: string, now: () => number): Quotes {
  const macOf = (content: string) =>
    createHmac("sha256", secret).update(`market quote\0${content}`).digest().subarray(0, MAC_BYTES);

  return {
    idOf({ workerId, pricePerMin, durationSec }) {
      const parts = [workerId, String(pricePerMin), durationSec, now() + QUOTE_LIFE_MS];
      const content = Buffer.from(JSON.stringify(parts)).toString("base64url");
      return `${content}.${macOf(content).toString("base64url")}`;
    },
    read(id) {
      const [content = "", mac = ""] = id.split(".");
      const given = Buffer.from(mac, "base64url");
      if (given.byteLength !== MAC_BYTES || !timingSafeEqual(given, macOf(content))) {
        throw new RequestError(400, "quote_id is none that this market has given");
      }
      const parts = JSON.parse(Buffer.from(content, "base64url").toString()) as [string, string, number, number];
      const [workerId, pricePerMin, durationSec, endsAtMs] = parts;
      if (now() >= endsAtMs) throw new RequestError(410, "The quote has ended; ask for another estimate");
      return { workerId, pricePerMin: BigInt(pricePerMin), durationSec };
    },
  };
}
