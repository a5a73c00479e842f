import { z } from "zod";

const MAX_MODEL_CHARACTERS = 1_000_000;
const MAX_LOCATIONS = 100;
const MAX_SEED = 2n ** 64n - 1n;

const EXAMPLE_MODEL = `condition COLD {
  transmission_mode = proximity
  transmissibility = 1.0
  exposed_state = Caught
  start_state = Well
  meta_start_state = Bring
  state Well { COLD.sus = 1
    wait() }
  state Caught { COLD.sus = 0
    COLD.trans = 1
    wait(24 * exponential(5))
    next(Over) }
  state Over { COLD.trans = 0
    wait() }
  state Bring { wait(1)
    next(Now) }
  state Now { import_exposures(COLD, 10)
    wait() }
}
`;

const day = z.iso.date().meta({ description: "YYYY-MM-DD." });

/** A run of a FRED model that is submitted as a job. */
export const fredRun = z.object({
  model: z.string().max(MAX_MODEL_CHARACTERS).meta({ description: "The program; an empty one is the built-in SEIR." }),
  locations: z.array(z.string().max(200)).max(MAX_LOCATIONS).default([]),
  start_date: day.optional(),
  end_date: day.optional(),
  seed: z
    .union([z.int().min(0), z.string().regex(/^\d{1,20}$/)])
    .transform(BigInt)
    .refine((seed) => seed <= MAX_SEED, "expected a seed below 2^64")
    .optional()
    .meta({ description: "A number, or text where it lies beyond 2^53." }),
  parameters: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
});
export type FredRun = z.output<typeof fredRun>;

export const FRED_RUN_EXAMPLE = {
  model: EXAMPLE_MODEL,
  locations: ["Loving_County_TX"],
  start_date: "2020-01-01",
  end_date: "2020-01-31",
  seed: 1,
};
