import { UsageError } from "../../../platform/errors";
import type { Checkpoint } from "../checkpoint/checkpoint";
import { chronosBoltFamily } from "./chronosBolt";
import { fracastFamily } from "./fracast";
import type { Family, Network } from "./network";
import { timesfmFamily } from "./timesfm";
import { timesfm25Family } from "./timesfm25";

/** Every family that is understood; docs/new-model.md says how one is added. */
const FAMILIES: readonly Family[] = [timesfmFamily, timesfm25Family, chronosBoltFamily, fracastFamily];

/**
 * The network that a checkpoint holds, found from the names of its tensors and its configuration.
 * @throws UsageError when it is none that is understood, or damaged.
 */
export function networkOf(checkpoint: Checkpoint, config: unknown): Network {
  const family = FAMILIES.find((candidate) => candidate.matches(checkpoint, config));
  if (family !== undefined) return family.open(checkpoint, config);
  const known = FAMILIES.map(({ name }) => name).join(", ");
  const found = [...checkpoint.tensors.keys()].slice(0, 3).join(", ");
  throw new UsageError(
    `${checkpoint.path} is no model that is understood here (${known}); it has ${checkpoint.tensors.size} tensors, such as ${found}.`,
  );
}
