import { readFileSync } from "node:fs";
import { listSupportedBackends } from "onnxruntime-node";
import { create } from "webgpu";

/** Compiled by the test: loads both add-ons and tells which native files the process has open. */
const mapped = readFileSync("/proc/self/maps", "utf8").match(/\/\S+(\.node|libonnxruntime\.so\.1)$/gm) ?? [];
const report = {
  backends: listSupportedBackends().map((backend) => backend.name),
  gpu: typeof create,
  opened: [...new Set(mapped)].sort(),
};
await Bun.write(Bun.stdout, JSON.stringify(report));
