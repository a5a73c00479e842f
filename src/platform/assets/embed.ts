import { join } from "node:path";
import { bundlePages } from "./bundle";
import { pack } from "./pack";

/** A plug-in of `Bun.build`. Named here because Bun's own type cannot be imported without a side effect. */
type BuildPlugin = Bun.BunPlugin;

/**
 * For the build of the executable: bundles the pages of `staticFolder`, packs them into `packFile`, and gives the
 * plug-in that puts that file inside the executable, where `openAssets` finds it.
 */
export async function embedPages(staticFolder: string, packFile: string): Promise<BuildPlugin> {
  await Bun.write(packFile, pack(await bundlePages(staticFolder)));
  const path = JSON.stringify(join(packFile));
  return {
    name: "embed pages",
    setup(build) {
      build.onLoad({ filter: /[/\\]platform[/\\]assets[/\\]embedded\.ts$/ }, () => ({
        loader: "ts",
        contents: `import path from ${path} with { type: "file" };\nexport const packPath: string | undefined = path;\n`,
      }));
    },
  };
}
