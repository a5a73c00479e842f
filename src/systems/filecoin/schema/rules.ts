import { nullish } from "../../../platform/http/fastapi/members";
import { oneOf } from "../../../platform/http/fastapi/readers";

/**
 * Which rules of the protocol a run follows: `mainnet` those in force, each from its date on, `plain` those of the
 * original, to the digit; docs/filecoin.md, "Rules".
 */
export const RULES = ["mainnet", "plain"] as const;
export type Rules = (typeof RULES)[number];

/** The date of the last change of the protocol that `mainnet` knows: network version 25. */
export const PROTOCOL_AS_OF = "2025-04-14";

/**
 * How power and pledge fall due: `attrition` as shares of what there is, `schedule` by a table and the life of sectors,
 * as in the original; docs/filecoin.md, "Attrition".
 */
export const MODELS = ["attrition", "schedule"] as const;
export type Model = (typeof MODELS)[number];

/** The member `model` of a request or scenario. */
export const modelMember = nullish(
  oneOf(MODELS),
  "How power and pledge fall due: `attrition` as measured shares of what there is (where absent with mainnet rules), `schedule` by a table and the life of sectors (with plain rules).",
);

/** The member `rules` of a request or scenario. */
export const rulesMember = nullish(
  oneOf(RULES),
  `Rules of the protocol: \`mainnet\` those in force, as of ${PROTOCOL_AS_OF}, \`plain\` those before November 2024.`,
);
