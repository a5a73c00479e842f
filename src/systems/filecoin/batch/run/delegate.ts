import type { WorkAnswer, WorkInput, WorkKind } from "../../../../platform/compute/work";

/** Has a Worker do what takes the event loop too long. */
export type Delegate = <Kind extends WorkKind>(kind: Kind, input: WorkInput<Kind>) => Promise<WorkAnswer<Kind>>;
