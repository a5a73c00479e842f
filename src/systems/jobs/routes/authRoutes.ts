import { Elysia } from "elysia";
import { z } from "zod";
import type { Accounts } from "../../../platform/auth/accounts";
import type { User } from "../../../platform/auth/tables";
import { RequestError } from "../../../platform/errors";
import { textLike } from "../../../platform/http/api/texts";
import { readForm, readJson, valid } from "../../../platform/http/input";
import { type AccessMode, isFromElsewhere, isFromThisMachine } from "../../../platform/http/strangers";
import { loginForm, registration, tokenAnswer, userAnswer } from "../schema/accounts";
import type { Access } from "./access";
import { describe, describeOpen } from "./describe";

const MAX_BODY_BYTES = 1024 * 1024;
const secretAnswer = z.object({ webhook_secret: textLike("whsec_9f8c5e2b7d4a1f3e6c0b9a8d7e5f4c3b") });
const secretState = z.object({ is_set: z.boolean() });

/** Accounts and sign-in; docs/jobs.md, "Accounts". */
export function authRoutes(prefix: string, accounts: Accounts, access: Access, mode: AccessMode) {
  return new Elysia({ prefix: `${prefix}/auth`, tags: ["jobs"] })
    .post(
      "/register",
      async ({ request, set }) => {
        const body = valid(registration, await readJson(request, MAX_BODY_BYTES), "body");
        const { email, password, full_name } = body;
        const user = await accounts.register({ email, password, fullName: full_name ?? null });
        set.status = 201;
        return answerOf(user);
      },
      describeOpen("Make an account", userAnswer, { body: registration, status: 201 }),
    )
    .post(
      "/login",
      async ({ request, server }) => {
        const { username, password } = valid(loginForm, await readForm(request, MAX_BODY_BYTES), "body");
        const address = server?.requestIP(request)?.address ?? "";
        return tokenOf(await accounts.login(username, password, address));
      },
      describeOpen("Sign in by form, as OAuth2's password grant", tokenAnswer, { form: loginForm }),
    )
    .post(
      "/local",
      async ({ request, server }) => {
        const isHere = mode === "open" && isFromThisMachine(request, server) && !isFromElsewhere(request);
        if (isHere) return tokenOf(await accounts.localToken());
        const detail = "A token of the local user is for pages and programs of this machine, while the server is open.";
        throw new RequestError(403, detail);
      },
      describeOpen("A token of the local user, for this machine's own pages in open mode", tokenAnswer),
    )
    .get("/me", async ({ request }) => answerOf(await access.user(request)), describe("Who I am", userAnswer))
    .get(
      "/webhook-secret",
      async ({ request }) => ({ is_set: (await access.user(request)).webhookSecret !== null }),
      describe("Whether there is a secret that my call-backs are signed with", secretState),
    )
    .post(
      "/webhook-secret",
      async ({ request }) => {
        const user = await access.user(request);
        return { webhook_secret: await accounts.renewWebhookSecret(user.id) };
      },
      describe("A new secret for my call-backs, shown this once", secretAnswer),
    );
}

function tokenOf(token: string) {
  return { access_token: token, token_type: "bearer" as const };
}

function answerOf({ id, email, fullName, isActive, createdAt }: User) {
  return {
    id,
    email,
    full_name: fullName,
    is_active: isActive,
    created_at: new Date(createdAt).toISOString(),
  };
}
