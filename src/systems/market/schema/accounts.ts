import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";
import { accountId, address, amount, offsetPageOf, role, time } from "./scalars";

export const account = z.strictObject({
  account_id: accountId,
  role: z.enum(["provider", "consumer", "admin"]),
  eth_address: address,
  balance: amount,
});
export const registered = z.strictObject({
  ...account.shape,
  role,
  api_key: textLike("9f8c5e2b7d4a1f3e6c0b9a8d7e5f4c3b"),
});
export const loggedIn = z.strictObject({
  account_id: accountId,
  role,
  api_key: textLike("9f8c5e2b7d4a1f3e6c0b9a8d7e5f4c3b"),
});
export const challenge = z.strictObject({
  nonce: textLike("4b1d"),
  message: textLike("Sign this message to authenticate with XenBlocks.\n\nNonce: 4b1d"),
});
export const signedIn = z.strictObject({
  token: textLike("eyJhbGciOiJIUzI1NiJ9.e30.signature"),
  address,
  account_id: accountId,
  role,
});
export const accounts = z.record(accountId, account);
export const deposited = z.strictObject({ account_id: accountId, balance: amount });
export const withdrawn = z.strictObject({ account_id: accountId, balance: amount, withdrawn: amount });
export const transferred = z.strictObject({
  account_id: accountId,
  to: accountId,
  balance: amount,
  transferred: amount,
});

export const statement = offsetPageOf(
  z.strictObject({
    time,
    kind: textLike("lease_charge"),
    amount: amount.meta({ description: "XNM; negative for what went out" }),
    balance: amount,
    reference: textLike("lease-0b5f6c1e-6a1f-4b3e-9d58-2f1c7a90e4d3"),
  }),
);

export type StatementLine = z.infer<typeof statement>["items"][number];
export type AccountAnswer = z.infer<typeof account>;
