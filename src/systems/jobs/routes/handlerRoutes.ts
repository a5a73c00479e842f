import { Elysia } from "elysia";
import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";
import type { Registry } from "../handlers/registry";
import type { Access } from "./access";
import { describe } from "./describe";

const handlerAnswer = z.object({
  simulations: z.array(
    z.object({
      type: textLike("echo"),
      title: textLike("Echo"),
      summary: textLike("Gives back what it is given."),
      parameters: z.unknown().meta({ description: "JSON Schema", examples: [{ type: "object" }] }),
      example: z.unknown().meta({ examples: [{ steps: 3 }] }),
      timeout_s: z.number().nullable(),
      available: z.boolean(),
      reason: textLike("The plug-in cannot be loaded.").nullable(),
    }),
  ),
  reports: z.array(z.object({ type: textLike("summary"), formats: z.array(textLike("PDF")) })),
});

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
    describe("The types of simulations and reports, with their schemas", handlerAnswer),
  );
}
