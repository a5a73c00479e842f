import type { Accounts } from "../../../platform/auth/accounts";
import type { User } from "../../../platform/auth/tables";
import { RequestError } from "../../../platform/errors";

/** Who calls, and by what address. */
export interface Access {
  /** @throws RequestError 401 or 403. */
  user(request: Request): Promise<User>;
  /** @throws RequestError 403 for who is no superuser. */
  superuser(request: Request): Promise<User>;
  /** Scheme and host by which the caller reached this server, for links that lead back to it. */
  origin(request: Request): string;
}

export function createAccess(accounts: Pick<Accounts, "userOf">, publicUrl: string | undefined): Access {
  const user = (request: Request) => accounts.userOf(request.headers.get("authorization"));
  return {
    user,
    async superuser(request) {
      const found = await user(request);
      if (found.isSuperuser) return found;
      throw new RequestError(403, "This is for superusers. Start the server with --admin EMAIL to make yourself one.");
    },
    origin: (request) => publicUrl ?? new URL(request.url).origin,
  };
}
