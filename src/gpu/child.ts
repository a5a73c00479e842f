import type { ChildModule } from "../platform/compute/childProtocol";
import { closeDevice } from "./device";
import { probeGpu } from "./probe";

/** The child that holds the GPU. */
export const gpuChild: ChildModule = {
  handlers: {
    "gpu.probe": async () => ({ value: await probeGpu() }),
  },
  release: closeDevice,
};
