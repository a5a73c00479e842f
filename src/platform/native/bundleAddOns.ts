import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { BunPlugin } from "bun";
import { UsageError } from "../errors";

/**
 * How a library looks for its add-on, and the files it means. From source the library's own search works; inside an
 * executable there is no such path, so the search is replaced by {@link loadAddOn}.
 */
interface AddOnSource {
  name: string;
  /** The module that searches. */
  script: string;
  search: RegExp;
  /** Relative to the module's folder; the first one is loaded, the others are what it needs. */
  files: readonly string[];
}

const addOnSources: Record<string, readonly AddOnSource[]> = {
  "linux-x64": [
    {
      name: "dawn",
      script: "webgpu/index.js",
      search: /\brequire\(dawnNodePath\)/g,
      files: ["dist/linux-x64/dawn.node"],
    },
    {
      name: "onnxruntime",
      script: "onnxruntime-node/dist/binding.js",
      search: /\brequire\(`[^`]*onnxruntime_binding\.node`\)/g,
      files: ["../bin/napi-v6/linux/x64/onnxruntime_binding.node", "../bin/napi-v6/linux/x64/libonnxruntime.so.1"],
    },
  ],
};

const loaderModule = join(import.meta.dir, "addOn.ts");

/**
 * A build plugin that puts the native add-ons into the executable, compressed, and makes their libraries load them
 * from there.
 * @param platform operating system and processor, as in `linux-x64`.
 * @throws UsageError where the add-ons of that platform are not known here.
 */
export function bundleAddOns(platform: string): BunPlugin {
  const sources = addOnSources[platform];
  if (sources === undefined) {
    const known = Object.keys(addOnSources).join(", ");
    throw new UsageError(
      `An executable for ${platform} cannot be built: expected one of ${known}. Run from source there.`,
    );
  }
  return {
    name: "native add-ons",
    setup(build) {
      build.onResolve({ filter: /^packed:/ }, ({ path }) => ({
        path: path.slice("packed:".length),
        namespace: "packed",
      }));
      build.onLoad({ filter: /./, namespace: "packed" }, ({ path }) => ({
        loader: "file",
        contents: Bun.zstdCompressSync(readFileSync(path)),
      }));
      for (const source of sources) {
        build.onLoad({ filter: endingWith(source.script) }, ({ path }) => ({
          loader: "js",
          contents: withOwnLoader(source, path, readFileSync(path, "utf8")),
        }));
      }
    },
  };
}

/**
 * The text of a library's module, its search replaced.
 * @throws Error when the search is not found exactly once: the library has changed and this table must follow.
 */
export function withOwnLoader(source: AddOnSource, scriptPath: string, text: string): string {
  const found = text.match(source.search)?.length ?? 0;
  if (found !== 1) {
    throw new Error(`${scriptPath}: expected one search for a native add-on (${source.search.source}), found ${found}`);
  }
  const paths = source.files.map((file) => join(dirname(scriptPath), file));
  const contents = paths.map((path) => readFileSync(path));
  const hash = new Bun.CryptoHasher("sha256");
  for (const bytes of contents) hash.update(bytes);
  const files = paths.map((path, index) => {
    const described = `name: ${JSON.stringify(basename(path))}, sizeBytes: ${contents[index]!.byteLength}`;
    return `{ ${described}, path: packedFile${index} }`;
  });
  const imports = paths.map(
    (path, index) => `import packedFile${index} from ${JSON.stringify(`packed:${path}`)} with { type: "file" };`,
  );
  const described = `name: ${JSON.stringify(source.name)}, contentHash: "${hash.digest("hex").slice(0, 16)}"`;
  return `${imports.join("\n")}
import { loadAddOn } from ${JSON.stringify(loaderModule)};
${text.replace('"use strict";', "").replace(source.search, `loadAddOn({ ${described}, files: [${files.join(", ")}] })`)}`;
}

function endingWith(path: string): RegExp {
  return new RegExp(`/node_modules/${path.replaceAll(".", "\\.")}$`);
}
