import { Elysia } from "elysia";
import { z } from "zod";
import type { Registry } from "../handlers/registry";
import { handlersAnswer } from "../schema/handlers";
import type { Access } from "./access";
import { describe } from "./describe";

/** What can be run and reported on; docs/jobs.md, "Types". */
export function handlerRoutes(
  prefix: string,
  registry: Registry,
  reports: () => { type: string; formats: readonly string[] }[],
  access: Access,
) {
  return new Elysia({ tags: ["jobs"] }).get(
    `${prefix}/handlers`,
    async ({ request }) => {
      await access.user(request);
      const simulations = registry.list().map(({ type, title, summary, parameters, example, timeoutS }) => ({
        type,
        title,
        summary,
        parameters: z.toJSONSchema(parameters, { io: "input", unrepresentable: "any" }) as unknown,
        example: example as unknown,
        timeout_s: timeoutS ?? null,
        available: true,
        reason: null as string | null,
      }));
      const missing = registry.unavailable().map(({ type, title, reason }) => ({
        type,
        title,
        summary: "",
        parameters: {},
        example: {},
        timeout_s: null,
        available: false,
        reason,
      }));
      return {
        simulations: [...simulations, ...missing],
        reports: reports().map(({ type, formats }) => ({ type, formats: [...formats] })),
      };
    },
    describe("The types of simulations and reports, with their schemas", handlersAnswer),
  );
}
