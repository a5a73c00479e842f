import { join, resolve } from "node:path";
import { Glob } from "bun";

/** A package of which code or a file is inside the executable. */
export interface BundledPackage {
  name: string;
  /** Absolute path. */
  folder: string;
}

/** What is bundled together, and for which engine. */
interface BundlePlan {
  entrypoints: string[];
  target: "bun" | "browser";
}

/**
 * The packages that really end up in the executable: those of which the bundler takes something into the program, its
 * Workers or its pages. From a bundle in memory, so that the answer is the same from source and for a build.
 * @param root the project's folder.
 */
export async function bundledPackages(root: string): Promise<BundledPackage[]> {
  const program: BundlePlan = {
    target: "bun",
    entrypoints: ["main.ts", "worker.ts"].map((name) => join(root, "src", name)),
  };
  const pages: BundlePlan = {
    target: "browser",
    entrypoints: [...new Glob("static/*/page.tsx").scanSync({ cwd: root, absolute: true })],
  };
  const files = (await Promise.all([program, pages].map(filesIn))).flat();
  const packages = new Map(files.flatMap((file) => packageOf(file) ?? []).map((found) => [found.folder, found]));
  return [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function filesIn({ entrypoints, target }: BundlePlan): Promise<string[]> {
  const { success, logs, metafile } = await Bun.build({ entrypoints, target, metafile: true, throw: false });
  if (!success) throw new Error(`The sources cannot be bundled: ${logs.join("; ")}`);
  const outputs = Object.values(metafile?.outputs ?? {});
  const taken = outputs.flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  return taken.map(([path]) => resolve(path));
}

/** The innermost package that holds the file. */
function packageOf(file: string): BundledPackage | undefined {
  const match = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(file);
  return match === null ? undefined : { folder: match[1]!, name: match[2]! };
}
