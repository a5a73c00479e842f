import { Elysia } from "elysia";
import { storageFor, type UsageOptions } from "../life/usage";
import { storageAnswer } from "../schema/storage";
import type { Access } from "./access";
import { describe } from "./describe";

/** What results and reports take, and what retention will remove; docs/jobs.md, "Page". */
export function storageRoutes(prefix: string, usage: UsageOptions, access: Access) {
  return new Elysia({ tags: ["jobs"] }).get(
    `${prefix}/storage`,
    async ({ request }) => storageFor(await access.user(request), usage),
    describe("What is kept of me, for superusers of others too, and what retention will remove", storageAnswer),
  );
}
