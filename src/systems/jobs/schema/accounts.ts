import { z } from "zod";
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

export const registration = z.object({
  email: required(email, "Unique, whatever its case"),
  password: required(password, "8 characters to 1 KiB"),
  full_name: nullish(text({ longest: 255 }), "What to call the user"),
});

/** The form of OAuth2's password grant; what else it sends is left alone. */
export const loginForm = z.object({
  username: required(text({ longest: 1000 }), "The email"),
  password: required(secret(text({ longest: 100_000 })), "The password"),
});

export const userAnswer = z.object({
  id: z.string(),
  email: z.string(),
  full_name: z.string().nullable(),
  is_active: z.boolean(),
  created_at: z.string(),
});

export const tokenAnswer = z.object({ access_token: z.string(), token_type: z.literal("bearer") });
