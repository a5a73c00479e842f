import type { BunPlugin } from "bun";

/** From here on more effort costs seconds of the build and saves little. */
const LEVEL = 9;

/** For the build of the executable: carries WebAssembly and fonts compressed; `fileBytes` reads them. */
export const packFiles: BunPlugin = {
  name: "pack files",
  setup(build) {
    build.onLoad({ filter: /\.(wasm|ttf)$/ }, async ({ path }) => ({
      loader: "file",
      contents: Bun.zstdCompressSync(await Bun.file(path).bytes(), { level: LEVEL }),
    }));
  },
};
