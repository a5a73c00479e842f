import { serveWork } from "./platform/compute/serveWork";
import { filecoinWork } from "./systems/filecoin/work";

serveWork(filecoinWork);

type FilecoinWork = typeof filecoinWork;

declare module "./platform/compute/work" {
  /** A line for each map that is served above. */
  interface WorkKinds extends FilecoinWork {}
}
