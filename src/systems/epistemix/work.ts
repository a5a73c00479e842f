import { runPiece } from "./running/runPiece";

/** What the epidemic platform has done in a thread. */
export const epistemixWork = { "epistemix.run": runPiece };
