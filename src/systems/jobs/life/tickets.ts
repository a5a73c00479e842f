import { freshSecret } from "../../../config/secrets";
import type { Clock } from "../../../platform/clock";
import { RequestError } from "../../../platform/errors";
import type { Records } from "./records";

export const TICKET_LIFETIME_S = 60;

/** A ticket for one stream of one job, for those who cannot send a header; it is good once, for a minute. */
export async function issueTicket({ tickets }: Records, clock: Clock, userId: string, jobId: string): Promise<string> {
  const ticket = freshSecret();
  await tickets.insert({ hash: hashOf(ticket), userId, jobId, expiresAt: clock.now() + TICKET_LIFETIME_S * 1000 });
  return ticket;
}

/** The user whose ticket it is. @throws RequestError 401 for one that is none, used, too old or of another job. */
export async function useTicket({ tickets }: Records, clock: Clock, ticket: string, jobId: string): Promise<string> {
  const taken = await tickets.take(hashOf(ticket), jobId, clock.now());
  if (taken !== undefined) return taken.userId;
  throw new RequestError(401, "This ticket is not good, or was used. Ask for a new one.", {
    headers: { "www-authenticate": "Bearer" },
  });
}

function hashOf(ticket: string): string {
  return new Bun.CryptoHasher("sha256").update(ticket).digest("hex");
}
