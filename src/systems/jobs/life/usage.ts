import type { Accounts } from "../../../platform/auth/accounts";
import type { User } from "../../../platform/auth/tables";
import type { Clock } from "../../../platform/clock";
import type { StorageAnswer, UserStorage } from "../schema/storage";
import { MAX_COUNTED, type UsageStore } from "../store/usage";
import type { RetentionOptions } from "./retention";

const DAY_MS = 86_400_000;
/** How far retention is foreseen. */
const DUE_WITHIN_DAYS = 7;
const MAX_USERS = 20;

export interface UsageOptions {
  usage: UsageStore;
  accounts: Pick<Accounts, "byId">;
  clock: Clock;
  retention: RetentionOptions;
}

/** What is kept of a user, for superusers of those with the most jobs too, and what retention will remove of it. */
export async function storageFor(user: User, options: UsageOptions): Promise<StorageAnswer> {
  const { usage, accounts, retention } = options;
  const others = user.isSuperuser ? await usage.users(MAX_USERS) : [];
  const users: UserStorage[] = [await storageOf(user, options)];
  for (const id of others.filter((other) => other !== user.id)) {
    const other = await accounts.byId(id);
    users.push(await storageOf({ id, email: other?.email ?? "" }, options));
  }
  return {
    keep_days: retention.keepDays,
    keep_events_days: retention.keepEventsDays,
    due_within_days: DUE_WITHIN_DAYS,
    users,
  };
}

async function storageOf(
  { id, email }: Pick<User, "id" | "email">,
  { usage, retention, clock }: UsageOptions,
): Promise<UserStorage> {
  const endedBeforeMs = clock.now() + (DUE_WITHIN_DAYS - retention.keepDays) * DAY_MS;
  const jobs = await usage.jobsOf(id, endedBeforeMs);
  const reports = await usage.reportsOf(id, endedBeforeMs);
  return {
    user_id: id,
    email,
    jobs: { count: jobs.count, bytes: jobs.bytes },
    reports: { count: reports.count, bytes: reports.bytes },
    due: { count: jobs.endedCount + reports.endedCount, bytes: jobs.endedBytes + reports.endedBytes },
    is_partial: jobs.count === MAX_COUNTED || reports.count === MAX_COUNTED,
  };
}
