import { closeDevice } from "../../src/gpu/device";
import { probeGpu } from "../../src/gpu/probe";

/** Run by the test: collects garbage between two uses of the device, and lets finalisers run. */
await probeGpu();
for (let round = 0; round < 20; round++) {
  Bun.gc(true);
  await Bun.sleep(5);
}
const { correct, values } = await probeGpu();
await Bun.write(Bun.stdout, `${correct} of ${values}`);
await closeDevice();
