import { Elysia } from "elysia";
import { RequestError } from "../../../platform/errors";
import { jsonAnswer } from "../../../platform/http/fields";
import { jsonBody, queryParameters, valid } from "../../../platform/http/input";
import { xnmOf } from "../rules/money";
import {
  account,
  accounts as accountsById,
  challenge,
  deposited,
  loggedIn,
  registered,
  signedIn,
  transferred,
  withdrawn,
} from "../schema/accounts";
import { settlements } from "../schema/leases";
import {
  amountBody,
  cutQuery,
  loginBody,
  nonceQuery,
  registerBody,
  transferBody,
  verifyBody,
} from "../schema/requests";
import type { MarketService } from "../service";
import { type Access, bodyOf, isAccount } from "./access";

/** Signing in: accounts by key, wallets by signature. */
export function signInRoutes({ accounts, accountViews, walletSignIn }: MarketService, access: Access) {
  return new Elysia({ tags: ["market: sign in"] })
    .post(
      "/api/auth/register",
      async ({ request }) => {
        const { account_id: accountId, role, eth_address: ethAddress, balance } = await bodyOf(request, registerBody);
        if (balance > 0) await access.pass(request, "open an account with money");
        if (role === "provider") await access.pass(request, "open a provider's account");
        const { account, apiKey } = await accounts.register({ accountId, role, ethAddress, balance });
        return {
          account_id: accountId,
          role,
          eth_address: ethAddress,
          balance: xnmOf(account.balance),
          api_key: apiKey,
        };
      },
      {
        detail: {
          summary: "Open an account",
          responses: jsonAnswer(registered, "The answer"),
          requestBody: jsonBody(registerBody),
        },
      },
    )
    .post(
      "/api/auth/login",
      async ({ request }) => {
        const who = await access.caller(request, "sign in as an account");
        const { account_id: accountId, regenerate } = await bodyOf(request, loginBody);
        access.demand("sign in as an account", who, isAccount(who, accountId));
        const { account, apiKey } = await accounts.login(accountId, { regenerate });
        return { account_id: account.accountId, role: account.role, api_key: apiKey };
      },
      {
        detail: {
          summary: "The API key of an account",
          responses: jsonAnswer(loggedIn, "The answer"),
          requestBody: jsonBody(loginBody),
        },
      },
    )
    .get(
      "/api/auth/me",
      async ({ request }) => {
        const who = await access.pass(request, "see who one is");
        if (who.role === "anonymous" || who.role === "admin") {
          return { account_id: "_admin", role: "admin", eth_address: "", balance: 0 };
        }
        return accountViews.one(who.accountId);
      },
      { detail: { summary: "The caller's account", responses: jsonAnswer(account, "The answer") } },
    )
    .get("/api/auth/nonce", ({ query }) => walletSignIn.challenge(valid(nonceQuery, query, "query").address), {
      detail: {
        summary: "What a wallet is to sign",
        responses: jsonAnswer(challenge, "The answer"),
        parameters: queryParameters(nonceQuery),
      },
    })
    .post(
      "/api/auth/verify",
      async ({ request }) => {
        const { token, address, accountId, role } = await walletSignIn.verify(await bodyOf(request, verifyBody));
        return { token, address, account_id: accountId, role };
      },
      {
        detail: {
          summary: "A token for a wallet's signature",
          responses: jsonAnswer(signedIn, "The answer"),
          requestBody: jsonBody(verifyBody),
        },
      },
    );
}

/** Balances and what moves them. */
export function accountRoutes({ accounts, accountViews }: MarketService, access: Access) {
  return new Elysia({ tags: ["market: accounts"] })
    .get(
      "/api/accounts/:id/balance",
      async ({ request, params: { id } }) => {
        const who = await access.caller(request, "see a balance");
        access.demand("see a balance", who, isAccount(who, id));
        const { account_id, role, balance, eth_address } = accountViews.one(id);
        return { account_id, role, balance, eth_address };
      },
      { detail: { summary: "What an account holds", responses: jsonAnswer(account, "The answer") } },
    )
    .post(
      "/api/accounts/:id/deposit",
      async ({ request, params: { id } }) => {
        const who = await access.caller(request, "deposit");
        const { amount } = await bodyOf(request, amountBody);
        access.demand("deposit", who, isAccount(who, id));
        return { account_id: id, balance: xnmOf(await accounts.deposit(id, amount)) };
      },
      {
        detail: {
          summary: "Put money in",
          responses: jsonAnswer(deposited, "The answer"),
          requestBody: jsonBody(amountBody),
        },
      },
    )
    .post(
      "/api/accounts/:id/withdraw",
      async ({ request, params: { id } }) => {
        const who = await access.caller(request, "withdraw");
        const { amount } = await bodyOf(request, amountBody);
        access.demand("withdraw", who, isAccount(who, id));
        return { account_id: id, balance: xnmOf(await accounts.withdraw(id, amount)), withdrawn: amount };
      },
      {
        detail: {
          summary: "Take money out",
          responses: jsonAnswer(withdrawn, "The answer"),
          requestBody: jsonBody(amountBody),
        },
      },
    )
    .post(
      "/api/accounts/:id/transfer",
      async ({ request, params: { id } }) => {
        const who = await access.caller(request, "transfer");
        const { to, amount } = await bodyOf(request, transferBody);
        access.demand("transfer", who, isAccount(who, id));
        if (to === id) throw new RequestError(400, "An account cannot transfer to itself");
        return { account_id: id, to, balance: xnmOf(await accounts.transfer(id, to, amount)), transferred: amount };
      },
      {
        detail: {
          summary: "Give money to another account",
          responses: jsonAnswer(transferred, "The answer"),
          requestBody: jsonBody(transferBody),
        },
      },
    );
}

/** What only the admin sees of all accounts. */
export function ledgerRoutes({ accountViews, leaseLists }: MarketService, access: Access) {
  return new Elysia({ tags: ["market: accounts"] })
    .get(
      "/api/accounts",
      async ({ request }) => {
        await access.pass(request, "list accounts");
        return accountViews.all();
      },
      { detail: { summary: "Every account, by its id", responses: jsonAnswer(accountsById, "The answer") } },
    )
    .get(
      "/api/settlements",
      async ({ request, query }) => {
        await access.pass(request, "list settlements");
        return leaseLists.settlements(valid(cutQuery, query, "query"));
      },
      {
        detail: {
          summary: "What was settled, newest first",
          responses: jsonAnswer(settlements, "The answer"),
          parameters: queryParameters(cutQuery),
        },
      },
    );
}
