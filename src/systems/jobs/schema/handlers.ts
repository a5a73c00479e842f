import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";

export const handlersAnswer = z.object({
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

export type HandlersAnswer = z.output<typeof handlersAnswer>;
export type HandlerAnswer = HandlersAnswer["simulations"][number];
