import { z } from "zod";
import { textLike } from "./api/texts";

/** What `/`, `/health` and `/health/ready` answer on any port. */

const path = textLike("/docs");
const systemName = textLike("weather");
const version = textLike("0.1.0");

export const aboutAnswer = z
  .looseObject({
    name: textLike("Foresight"),
    version,
    links: z.strictObject({ docs: path, openapi: path, health: path, ready: path, metrics: path }),
    systems: z
      .record(systemName, z.looseObject({}))
      .optional()
      .describe("What each system's original answers here; on a system's own port it stands at the top"),
  })
  .describe("Members at the top have one owner, and stand where its clients look for them");

const part = z.looseObject({
  ready: z.boolean(),
  status: z.enum(["healthy", "loading", "degraded", "unhealthy"]),
});
export const healthAnswer = z.looseObject({
  status: z.enum(["healthy", "degraded"]).describe("`degraded` when one part is"),
  version,
  systems: z.record(systemName, part),
});

export const readyAnswer = z.strictObject({
  ready: z.boolean(),
  waiting_for: z.array(systemName).describe("Parts that are not ready"),
});

export type AboutAnswer = z.infer<typeof aboutAnswer>;
export type HealthAnswer = z.infer<typeof healthAnswer>;
