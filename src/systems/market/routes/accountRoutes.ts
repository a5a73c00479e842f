import { Elysia } from "elysia";
import { RequestError } from "../../../platform/errors";
import { jsonBody, queryParameters, valid } from "../../../platform/http/input";
import { mustFind } from "../accounts";
import { xnmOf } from "../rules/money";
import { amountBody, cutQuery, loginBody, nonceQuery, registerBody, transferBody, verifyBody } from "../schema";
import type { MarketService } from "../service";
import { type Account, listAccounts } from "../store/accounts";
import { pageOfSettlements } from "../store/leases";
import { settlementRecord } from "../views/leaseViews";
import { offsetPage } from "../views/pages";
import { bodyOf, type Gate, isAccount } from "./gate";

/** Signing in: accounts by key, wallets by signature. */
export function signInRoutes({ accounts, walletSignIn, options }: MarketService, gate: Gate) {
  const { database } = options;
  return new Elysia({ tags: ["market: sign in"] })
    .post(
      "/api/auth/register",
      async ({ request }) => {
        const { account_id: accountId, role, eth_address: ethAddress, balance } = await bodyOf(request, registerBody);
        if (balance > 0) await gate.pass(request, "open an account with money");
        const { account, apiKey } = await accounts.register({ accountId, role, ethAddress, balance });
        return {
          account_id: accountId,
          role,
          eth_address: ethAddress,
          balance: xnmOf(account.balance),
          api_key: apiKey,
        };
      },
      { detail: { summary: "Open an account", requestBody: jsonBody(registerBody) } },
    )
    .post(
      "/api/auth/login",
      async ({ request }) => {
        const who = await gate.caller(request, "sign in as an account");
        const { account_id: accountId, regenerate } = await bodyOf(request, loginBody);
        gate.demand("sign in as an account", who, isAccount(who, accountId));
        const { account, apiKey } = await accounts.login(accountId, { regenerate });
        return { account_id: account.accountId, role: account.role, api_key: apiKey };
      },
      { detail: { summary: "The API key of an account", requestBody: jsonBody(loginBody) } },
    )
    .get(
      "/api/auth/me",
      async ({ request }) => {
        const who = await gate.pass(request, "see who one is");
        if (who.role === "anonymous" || who.role === "admin") {
          return { account_id: "_admin", role: "admin", eth_address: "", balance: 0 };
        }
        return accountRecord(database.read((db) => mustFind(db, who.accountId)));
      },
      { detail: { summary: "The caller's account" } },
    )
    .get("/api/auth/nonce", ({ query }) => walletSignIn.challenge(valid(nonceQuery, query, "query").address), {
      detail: { summary: "What a wallet is to sign", parameters: queryParameters(nonceQuery) },
    })
    .post(
      "/api/auth/verify",
      async ({ request }) => {
        const { token, address, accountId, role } = await walletSignIn.verify(await bodyOf(request, verifyBody));
        return { token, address, account_id: accountId, role };
      },
      { detail: { summary: "A token for a wallet's signature", requestBody: jsonBody(verifyBody) } },
    );
}

/** Balances and what moves them. */
export function accountRoutes({ accounts, book, options }: MarketService, gate: Gate) {
  const { database } = options;
  return new Elysia({ tags: ["market: accounts"] })
    .get(
      "/api/accounts/:id/balance",
      async ({ request, params: { id } }) => {
        const who = await gate.caller(request, "see a balance");
        gate.demand("see a balance", who, isAccount(who, id));
        const { account_id, role, balance, eth_address } = accountRecord(database.read((db) => mustFind(db, id)));
        return { account_id, role, balance, eth_address };
      },
      { detail: { summary: "What an account holds" } },
    )
    .post(
      "/api/accounts/:id/deposit",
      async ({ request, params: { id } }) => {
        const who = await gate.caller(request, "deposit");
        const { amount } = await bodyOf(request, amountBody);
        gate.demand("deposit", who, isAccount(who, id));
        return { account_id: id, balance: xnmOf(await accounts.deposit(id, amount)) };
      },
      { detail: { summary: "Put money in", requestBody: jsonBody(amountBody) } },
    )
    .post(
      "/api/accounts/:id/withdraw",
      async ({ request, params: { id } }) => {
        const who = await gate.caller(request, "withdraw");
        const { amount } = await bodyOf(request, amountBody);
        gate.demand("withdraw", who, isAccount(who, id));
        return { account_id: id, balance: xnmOf(await accounts.withdraw(id, amount)), withdrawn: amount };
      },
      { detail: { summary: "Take money out", requestBody: jsonBody(amountBody) } },
    )
    .post(
      "/api/accounts/:id/transfer",
      async ({ request, params: { id } }) => {
        const who = await gate.caller(request, "transfer");
        const { to, amount } = await bodyOf(request, transferBody);
        gate.demand("transfer", who, isAccount(who, id));
        if (to === id) throw new RequestError(400, "An account cannot transfer to itself");
        return { account_id: id, to, balance: xnmOf(await accounts.transfer(id, to, amount)), transferred: amount };
      },
      { detail: { summary: "Give money to another account", requestBody: jsonBody(transferBody) } },
    )
    .get(
      "/api/accounts",
      async ({ request }) => {
        await gate.pass(request, "list accounts");
        const all = database.read(listAccounts);
        return Object.fromEntries(all.map((account) => [account.accountId, accountRecord(account)]));
      },
      { detail: { summary: "Every account, by its id" } },
    )
    .get(
      "/api/settlements",
      async ({ request, query }) => {
        await gate.pass(request, "list settlements");
        const { limit, offset } = valid(cutQuery, query, "query");
        const rows = database.read((db) => pageOfSettlements(db, limit, offset));
        return offsetPage(rows.map(settlementRecord), book.totals.settlements, { limit, offset });
      },
      { detail: { summary: "What was settled, newest first", parameters: queryParameters(cutQuery) } },
    );
}

function accountRecord({ accountId, role, ethAddress, balance }: Account) {
  return { account_id: accountId, role, eth_address: ethAddress, balance: xnmOf(balance) };
}
