import { serveWork } from "./platform/compute/serveWork";
import { filecoinWork } from "./systems/filecoin/work";

serveWork({ ...filecoinWork });
