import type { ChildModule } from "./platform/compute/childProtocol";
import { serveChild } from "./platform/compute/childServe";

/** The children, of which most hold a native add-on, each by the name that stands after `--child`. */
const MODULES: Record<string, () => Promise<ChildModule>> = {
  gpu: async () => {
    const [{ gpuChild }, { filecoinGpuHandlers }] = await Promise.all([
      import("./gpu/child"),
      import("./systems/filecoin/batch/gpu/child"),
    ]);
    return { ...gpuChild, handlers: { ...gpuChild.handlers, ...filecoinGpuHandlers } };
  },
  fleet: async () => (await import("./systems/market/miner/fleetChild")).fleetChild,
  plugin: async () => (await import("./systems/jobs/plugins/child")).pluginChild,
  inference: async () => (await import("./platform/native/inferenceChild")).inferenceChild,
};

const EXIT_USAGE = 2;

/** Runs the child of that name until its parent asks for its end. Only this program itself starts children. */
export async function runChild([name = ""]: readonly string[]): Promise<void> {
  const load = MODULES[name];
  if (load === undefined || process.send === undefined) {
    const known = Object.keys(MODULES).join(", ");
    process.stderr.write(`foresight: --child is for the program's own use; it takes ${known} and a parent.\n`);
    process.exit(EXIT_USAGE);
  }
  await serveChild(await load());
}
