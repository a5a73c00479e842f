import type { SqliteDatabase } from "../../../platform/database";
import { mustFind } from "../dealings/accounts";
import { xnmOf } from "../rules/money";
import type { AccountAnswer } from "../schema/accounts";
import { type Account, listAccounts } from "../store/accounts";

/** Accounts as the routes tell them (docs/market.md, Accounts). */
export interface AccountViews {
  /** @throws RequestError 404 */
  one(accountId: string): AccountAnswer;
  /** Every account by its id. */
  all(): Record<string, AccountAnswer>;
}

export function createAccountViews(database: SqliteDatabase): AccountViews {
  return {
    one: (accountId) => accountRecord(database.read((db) => mustFind(db, accountId))),
    all: () =>
      Object.fromEntries(database.read(listAccounts).map((account) => [account.accountId, accountRecord(account)])),
  };
}

function accountRecord({ accountId, role, ethAddress, balance }: Account): AccountAnswer {
  return { account_id: accountId, role, eth_address: ethAddress, balance: xnmOf(balance) };
}
