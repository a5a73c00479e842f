import type { WorkContext } from "../../platform/compute/work";
import { packPiece, unpackPiece } from "./running/binaryPieces";
import type { NamesPiece } from "./running/namesPiece";
import type { RunPiece } from "./running/runPiece";
import type { SimulatePiece } from "./running/simulatePiece";
import { viewWork } from "./views/pieces";

/** What the epidemic platform has done in a thread. The language and its tables of people are loaded by the first who asks. */
export const epistemixWork = {
  "epistemix.run": async (piece: RunPiece, context: WorkContext) => {
    const { runPiece } = await import("./running/runPiece");
    return runPiece(piece, context);
  },
  "epistemix.names": async (piece: NamesPiece) => (await import("./running/namesPiece")).namesPiece(piece),
  "epistemix.simulate": async (piece: SimulatePiece, context: WorkContext) => {
    const { simulatePiece } = await import("./running/simulatePiece");
    return simulatePiece(piece, context);
  },
  "epistemix.unpack": unpackPiece,
  "epistemix.pack": packPiece,
  ...viewWork,
};
