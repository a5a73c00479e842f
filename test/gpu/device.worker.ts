import { serveWork } from "../../src/platform/compute/serveWork";
import { filecoinWork } from "../../src/systems/filecoin/work";

// The product's own Worker knows every system; this machine needs one.
serveWork(filecoinWork);
