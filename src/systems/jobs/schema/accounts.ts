import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";
import { nullish, required } from "../../../platform/http/fastapi/members";
import { refused, secret, text, then } from "../../../platform/http/fastapi/readers";

const MAX_EMAIL = 254;
const MAX_PASSWORD_BYTES = 1024;
/** One @ with something before it, and a domain with a dot, or localhost. */
const EMAIL = /^[^\s@<>"(),:;[\]\\]+@([^\s@.]+\.)*[^\s@.]+$/;

const email = {
  read(input: unknown) {
    const reading = text({ longest: MAX_EMAIL }).read(input);
    if ("faults" in reading || EMAIL.test(reading.value)) return reading;
    const reason = "An email address must have exactly one @-sign and a domain.";
    return refused(input, "value_error", `value is not a valid email address: ${reason}`, { reason });
  },
  about: { type: "string", format: "email", maxLength: MAX_EMAIL },
};

const password = secret(
  then(text({ shortest: 8, longest: MAX_PASSWORD_BYTES }), (value) =>
    Buffer.byteLength(value) <= MAX_PASSWORD_BYTES
      ? { value }
      : { refusal: `the password has more than ${MAX_PASSWORD_BYTES} bytes` },
  ),
);

export const registration = z
  .object({
    email: required(email, "Unique, whatever its case"),
    password: required(password, "8 characters to 1 KiB"),
    full_name: nullish(text({ longest: 255 }), "What to call the user"),
  })
  .meta({ examples: [{ email: "ada@example.org", password: "a long passphrase", full_name: "Ada Lovelace" }] });

/** The form of OAuth2's password grant; what else it sends is left alone. */
export const loginForm = z
  .object({
    username: required(text({ longest: 1000 }), "The email"),
    password: required(secret(text({ longest: 100_000 })), "The password"),
  })
  .meta({ examples: [{ username: "ada@example.org", password: "a long passphrase" }] });

export const userAnswer = z.object({
  id: textLike("0198f1c2-7d3a-7c55-9e21-3f6d5b8a9c10"),
  email: textLike("ada@example.org"),
  full_name: textLike("Ada Lovelace").nullable(),
  is_active: z.boolean(),
  created_at: textLike("2025-09-09T12:00:00.000Z"),
});

export type UserAnswer = z.output<typeof userAnswer>;

export const tokenAnswer = z.object({
  access_token: textLike("eyJhbGciOiJIUzI1NiJ9.e30.signature"),
  token_type: z.literal("bearer"),
});

export type TokenAnswer = z.output<typeof tokenAnswer>;
