import type { BunPlugin } from "bun";
import { gatherNotices } from "./gather";

/** For the build of the executable: gathers the notices and gives the plug-in that puts them inside. */
export async function embedNotices(root: string): Promise<BunPlugin> {
  const packed = Bun.zstdCompressSync(await gatherNotices(root), { level: 19 });
  return {
    name: "embed notices",
    setup(build) {
      build.onLoad({ filter: /[/\\]platform[/\\]licenses[/\\]embedded\.ts$/ }, () => ({
        loader: "ts",
        contents: `import path from "notices:all" with { type: "file" };\nexport const noticesPath: string | undefined = path;\n`,
      }));
      build.onResolve({ filter: /^notices:all$/ }, () => ({ path: "notices.zst", namespace: "notices" }));
      build.onLoad({ filter: /./, namespace: "notices" }, () => ({ loader: "file", contents: packed }));
    },
  };
}
