import { packPiece, unpackPiece } from "./running/binaryPieces";
import { namesPiece } from "./running/namesPiece";
import { runPiece } from "./running/runPiece";
import { viewWork } from "./views/pieces";

/** What the epidemic platform has done in a thread. */
export const epistemixWork = {
  "epistemix.run": runPiece,
  "epistemix.names": namesPiece,
  "epistemix.unpack": unpackPiece,
  "epistemix.pack": packPiece,
  ...viewWork,
};
