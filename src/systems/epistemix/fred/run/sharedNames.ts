import type { Model } from "../compile/model";

/** Names of what the caller of a run can give a value. */
export function sharedNames({ variables }: Model): string[] {
  const shared = [...variables.values()].filter(
    ({ scope, shape }) => scope === "shared" && (shape === "numeric" || shape === "string"),
  );
  return shared.map(({ name }) => name);
}
