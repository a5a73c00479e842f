import { createHmac } from "node:crypto";

/**
 * What a call-back is signed with: `t=UNIX,v1=HEX`, the HMAC-SHA256 of the time, a point and the body under the user's
 * own secret. Whoever receives it refuses what is older than five minutes.
 */
export function callbackSignature(secret: string, nowMs: number, body: string): string {
  const t = Math.floor(nowMs / 1000);
  return `t=${t},v1=${createHmac("sha256", secret).update(`${t}.${body}`).digest("hex")}`;
}
