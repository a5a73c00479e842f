import type { ChildModule } from "../../../src/platform/compute/childProtocol";
import { serveChild } from "../../../src/platform/compute/childServe";

/** A machine whose native parts are at fault in the way that the first argument names. */
const [fault] = process.argv.slice(2);
const adapter = { vendor: "acme", architecture: "", description: "" };
const right = { runtimeVersion: "1.2.3", worstError: 0, elapsedMs: 1 };

const module: ChildModule = {
  handlers: {
    "gpu.probe": () => ({ value: { adapter, values: 10, correct: fault === "wrong" ? 9 : 10, elapsedMs: 1 } }),
    "inference.probe": () => {
      if (fault !== "crash") return { value: { ...right, worstError: fault === "wrong" ? 0.01 : 0 } };
      process.stderr.write("undefined symbol: OrtGetApiBase\n");
      process.exit(127);
    },
  },
  release() {
    if (fault !== "crashAtEnd") return;
    process.stderr.write("free(): invalid pointer\n");
    process.kill(process.pid, "SIGKILL");
  },
};

await serveChild(module);
