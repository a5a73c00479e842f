import { exists, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type BundledPackage, bundledPackages } from "./trace";

/** Parts of the executable that are no package of the bundle; their notices stand in `licenses/`. */
const OTHER_PARTS = ["bun"];

const NOTICE_FILE = /^(licen[cs]e|notice|copying)([._-].*)?$|\.licen[cs]e\.txt$/i;
const RULE = "=".repeat(80);

/**
 * The notices of every library inside the executable, as one text: for each its name, version and license, then what
 * it ships as license or notice, then what `licenses/<name>/` adds where it ships none or not all.
 * @param root the project's folder.
 * @throws Error that names a package without any notice: one must be added to `licenses/`.
 */
export async function gatherNotices(root: string): Promise<string> {
  const packages = await bundledPackages(root);
  const parts = await Promise.all([
    ...packages.map((bundled) => noticeOf(root, bundled)),
    ...OTHER_PARTS.map((name) => noticeOf(root, { name, folder: join(root, "node_modules", name) })),
  ]);
  return `This program holds the following works of others, with thanks.\n\n${parts.join("\n")}`;
}

async function noticeOf(root: string, { name, folder }: BundledPackage): Promise<string> {
  const manifest: PackageManifest = await Bun.file(join(folder, "package.json")).json();
  const texts = [...(await textsIn(folder, NOTICE_FILE)), ...(await textsIn(join(root, "licenses", name), /\.txt$/))];
  if (texts.length === 0) throw new Error(`${name} ships no license; put its text into licenses/${name}/LICENSE.txt.`);
  const license = manifest.license ?? "see below";
  return `${RULE}\n${name} ${manifest.version}\nLicense: ${license}\n${sourceOf(manifest)}${RULE}\n\n${texts.join("\n\n")}\n`;
}

interface PackageManifest {
  version: string;
  license?: string;
  homepage?: string;
  repository?: string | { url: string };
}

function sourceOf({ homepage, repository }: PackageManifest): string {
  const address = (typeof repository === "string" ? repository : repository?.url) ?? homepage;
  return address === undefined ? "" : `Source: ${address.replace(/^git\+/, "")}\n`;
}

async function textsIn(folder: string, wanted: RegExp): Promise<string[]> {
  if (!(await exists(folder))) return [];
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map(({ name }) => name)
    .sort();
  return Promise.all(names.map(async (name) => (await Bun.file(join(folder, name)).text()).trim()));
}
