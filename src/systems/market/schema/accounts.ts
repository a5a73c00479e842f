import { z } from "zod";
import { amount, id, text } from "./scalars";

export const account = z.strictObject({
  account_id: id,
  role: z.enum(["provider", "consumer", "admin"]),
  eth_address: text,
  balance: amount,
});
export const registered = z.strictObject({ ...account.shape, role: text, api_key: text });
export const loggedIn = z.strictObject({ account_id: id, role: text, api_key: text });
export const challenge = z.strictObject({ nonce: text, message: text });
export const signedIn = z.strictObject({ token: text, address: text, account_id: id, role: text });
export const accounts = z.record(z.string(), account);
export const deposited = z.strictObject({ account_id: id, balance: amount });
export const withdrawn = z.strictObject({ account_id: id, balance: amount, withdrawn: amount });
export const transferred = z.strictObject({ account_id: id, to: id, balance: amount, transferred: amount });

export type AccountAnswer = z.infer<typeof account>;
