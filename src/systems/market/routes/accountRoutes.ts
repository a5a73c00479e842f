import { Elysia } from "elysia";
import type { z } from "zod";
import { operation } from "../../../platform/http/api/operation";
import { valid } from "../../../platform/http/input";
import type { OnceKey } from "../dealings/once";
import type { RightName } from "../rights";
import { xnmOf } from "../rules/money";
import {
  account,
  accounts as accountsById,
  challenge,
  deposited,
  loggedIn,
  registered,
  signedIn,
  statement,
  transferred,
  withdrawn,
} from "../schema/accounts";
import { settlements } from "../schema/leases";
import {
  accountPath,
  amountBody,
  cutQuery,
  loginBody,
  nonceQuery,
  registerBody,
  statementQuery,
  transferBody,
  verifyBody,
} from "../schema/requests";
import type { MarketService } from "../service";
import { type Access, bodyOf } from "./access";
import { accountLimit } from "./limits";

/** Signing in as an account. */
export function signInRoutes(market: MarketService, access: Access) {
  const { accounts, accountViews } = market;
  const countOpened = accountLimit(market);
  return new Elysia({ tags: ["market: sign in"] })
    .post(
      "/api/auth/register",
      async ({ request, server }) => {
        const { account_id: accountId, role, eth_address: ethAddress, balance } = await bodyOf(request, registerBody);
        if (balance > 0) await access.pass(request, "open an account with money");
        if (role === "provider") await access.pass(request, "open a provider's account");
        if ((await access.who(request)).role === "anonymous") countOpened(request, server);
        const { account, apiKey } = await accounts.register({ accountId, role, ethAddress, balance });
        return {
          account_id: accountId,
          role,
          eth_address: ethAddress,
          balance: xnmOf(account.balance),
          api_key: apiKey,
        };
      },
      operation({
        summary: "Open an account",
        body: registerBody,
        answer: registered,
        security: access.waysIn("open an account with money"),
      }),
    )
    .post(
      "/api/auth/login",
      async ({ request }) => {
        const who = await access.caller(request, "sign in as an account");
        const { account_id: accountId, regenerate } = await bodyOf(request, loginBody);
        access.demand("sign in as an account", who, access.owns(who, accountId));
        const { account, apiKey } = await accounts.login(accountId, { regenerate });
        return { account_id: account.accountId, role: account.role, api_key: apiKey };
      },
      operation({
        summary: "The API key of an account",
        body: loginBody,
        answer: loggedIn,
        security: access.waysIn("sign in as an account"),
      }),
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
      operation({ summary: "The caller's account", answer: account, security: access.waysIn("see who one is") }),
    );
}

/** Signing in as a wallet, by its signature. */
export function walletSignInRoutes({ walletSignIn }: MarketService, access: Access) {
  return new Elysia({ tags: ["market: sign in"] })
    .get(
      "/api/auth/nonce",
      ({ query }) => walletSignIn.challenge(valid(nonceQuery, query, "query").address),
      operation({ summary: "What a wallet is to sign", query: nonceQuery, answer: challenge }),
    )
    .post(
      "/api/auth/verify",
      async ({ request }) => {
        const { token, address, accountId, role } = await walletSignIn.verify(
          await bodyOf(request, verifyBody),
          await access.who(request),
        );
        return { token, address, account_id: accountId, role };
      },
      operation({ summary: "A token for a wallet's signature", body: verifyBody, answer: signedIn }),
    );
}

/** Balances and what moves them. */
export function accountRoutes({ accounts, accountViews }: MarketService, access: Access) {
  return new Elysia({ tags: ["market: accounts"] })
    .get(
      "/api/accounts/:id/balance",
      async ({ request, params: { id } }) => {
        const who = await access.caller(request, "see a balance");
        access.demand("see a balance", who, access.owns(who, id));
        return accountViews.one(id);
      },
      operation({
        summary: "What an account holds",
        path: accountPath,
        answer: account,
        security: access.waysIn("see a balance"),
      }),
    )
    .post(
      "/api/accounts/:id/deposit",
      async ({ request, params: { id } }) => {
        const { body, key } = await bodyOfOwner(access, request, "deposit", id, amountBody);
        return { account_id: id, balance: xnmOf(await accounts.deposit(id, body.amount, key)) };
      },
      operation({
        summary: "Put money in",
        path: accountPath,
        body: amountBody,
        answer: deposited,
        security: access.waysIn("deposit"),
      }),
    )
    .post(
      "/api/accounts/:id/withdraw",
      async ({ request, params: { id } }) => {
        const { body, key } = await bodyOfOwner(access, request, "withdraw", id, amountBody);
        const left = await accounts.withdraw(id, body.amount, key);
        return { account_id: id, balance: xnmOf(left), withdrawn: body.amount };
      },
      operation({
        summary: "Take money out",
        path: accountPath,
        body: amountBody,
        answer: withdrawn,
        security: access.waysIn("withdraw"),
      }),
    )
    .post(
      "/api/accounts/:id/transfer",
      async ({ request, params: { id } }) => {
        const { to, amount } = (await bodyOfOwner(access, request, "transfer", id, transferBody)).body;
        return { account_id: id, to, balance: xnmOf(await accounts.transfer(id, to, amount)), transferred: amount };
      },
      operation({
        summary: "Give money to another account",
        path: accountPath,
        body: transferBody,
        answer: transferred,
        security: access.waysIn("transfer"),
      }),
    );
}

/** What moved an account's money. */
export function statementRoutes({ statements }: MarketService, access: Access) {
  return new Elysia({ tags: ["market: accounts"] }).get(
    "/api/accounts/:id/statement",
    async ({ request, query, params: { id } }) => {
      const who = await access.caller(request, "see a balance");
      access.demand("see a balance", who, access.owns(who, id));
      const { format, ...cut } = valid(statementQuery, query, "query");
      if (format === "json") return Response.json(statements.page(id, cut));
      const headers = {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="statement.csv"',
      };
      return new Response(statements.csv(id, cut), { headers });
    },
    operation({
      summary: "What moved an account's money, newest first, as JSON or CSV",
      path: accountPath,
      query: statementQuery,
      answer: statement,
      security: access.waysIn("see a balance"),
    }),
  );
}

/** The body of a request that only the account itself may make, or the admin. */
async function bodyOfOwner<Schema extends z.ZodType>(
  access: Access,
  request: Request,
  right: RightName,
  accountId: string,
  schema: Schema,
): Promise<{ body: z.output<Schema>; key: OnceKey | undefined }> {
  const who = await access.caller(request, right);
  const body = await bodyOf(request, schema);
  access.demand(right, who, access.owns(who, accountId));
  return { body, key: access.onceKey(request, who, body) };
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
      operation({
        summary: "Every account, by its id",
        answer: accountsById,
        security: access.waysIn("list accounts"),
      }),
    )
    .get(
      "/api/settlements",
      async ({ request, query }) => {
        await access.pass(request, "list settlements");
        return leaseLists.settlements(valid(cutQuery, query, "query"));
      },
      operation({
        summary: "What was settled, newest first",
        query: cutQuery,
        answer: settlements,
        security: access.waysIn("list settlements"),
      }),
    );
}
