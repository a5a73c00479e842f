import { chmod, exists, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import packageOfBrowser from "../../node_modules/@sparticuz/chromium/package.json" with { type: "json" };

/**
 * The headless browser and the software GPU that the tests use. Both come inside the npm package @sparticuz/chromium,
 * so that a fresh machine needs nothing from its system.
 *
 * The package's own unpacker takes whatever it finds in the temporary folder, so two versions can mix. Ours unpacks
 * into a folder named by version that appears by one rename: it is whole or absent, also when test runs overlap.
 */
const projectRoot = join(import.meta.dir, "../..");
const packedFolder = join(projectRoot, "node_modules/@sparticuz/chromium/bin");
const cacheFolder = join(projectRoot, ".cache");

/** The part of an environment that makes a Vulkan program find SwiftShader and nothing else. */
export interface SwiftShaderEnvironment {
  LD_LIBRARY_PATH: string;
  VK_ICD_FILENAMES: string;
}

/** What `chromium.launch` of playwright-core is given. */
export interface BrowserLaunch {
  executablePath: string;
  args: string[];
  env: Record<string, string>;
}

/** The path of the headless browser's executable. */
export async function chromiumPath(): Promise<string> {
  return join(await browserFolder(), "chromium");
}

/**
 * The environment for a child process that shall compute on SwiftShader, with no Vulkan in the system.
 * Spread it over the environment the child gets.
 */
export async function swiftShaderEnvironment(): Promise<SwiftShaderEnvironment> {
  const folder = await unpackedOnce("swiftshader", (target) => unpackTar("swiftshader.tar.br", target));
  return { LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: join(folder, "vk_swiftshader_icd.json") };
}

/** Everything playwright needs to start the browser: `chromium.launch(await browserLaunch())`. */
export async function browserLaunch(): Promise<BrowserLaunch> {
  const executablePath = await chromiumPath();
  const env = await browserEnvironment(executablePath);
  // Containers run tests as root and without user namespaces; the pages under test are our own.
  return { executablePath, args: ["--no-sandbox", "--font-render-hinting=none"], env };
}

/** The browser's environment: fonts of its own, and the security libraries where the system has none. */
async function browserEnvironment(executablePath: string): Promise<Record<string, string>> {
  const own = { ...process.env, FONTCONFIG_FILE: join(await browserFolder(), "fonts.conf") } as Record<string, string>;
  if (canRun(executablePath, own)) {
    return own;
  }
  const libraries = await unpackedOnce("libraries", (target) => unpackTar("al2023.tar.br", target));
  const withLibraries = { ...own, LD_LIBRARY_PATH: join(libraries, "lib") };
  if (!canRun(executablePath, withLibraries)) {
    throw new Error(`The browser ${executablePath} does not run here. See: ${executablePath} --version`);
  }
  return withLibraries;
}

function canRun(executablePath: string, env: Record<string, string>): boolean {
  return Bun.spawnSync([executablePath, "--version"], { env, stdout: "ignore", stderr: "ignore" }).exitCode === 0;
}

function browserFolder(): Promise<string> {
  return unpackedOnce("browser", async (target, finalFolder) => {
    const executable = join(target, "chromium");
    await Bun.write(executable, brotliDecompressSync(await packed("chromium.br")));
    await chmod(executable, 0o755);
    await unpackTar("fonts.tar.br", target);
    await Bun.write(join(target, "fonts.conf"), fontConfiguration(finalFolder));
  });
}

function fontConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/font-cache</cachedir></fontconfig>
`;
}

/** The folder of that part, filled the first time. `fill` gets the folder to write into and the name it will have. */
async function unpackedOnce(
  part: string,
  fill: (target: string, finalFolder: string) => Promise<void>,
): Promise<string> {
  const finalFolder = join(cacheFolder, `chromium-${packageOfBrowser.version}-${part}`);
  if (await exists(finalFolder)) {
    return finalFolder;
  }
  await mkdir(cacheFolder, { recursive: true });
  const target = await mkdtemp(`${finalFolder}-`);
  try {
    await fill(target, finalFolder);
    await rename(target, finalFolder);
  } catch (thrown) {
    await rm(target, { recursive: true, force: true });
    // Another test process may have been first; its folder is as good.
    if (!(await exists(finalFolder))) {
      throw thrown;
    }
  }
  return finalFolder;
}

async function unpackTar(name: string, target: string): Promise<void> {
  await new Bun.Archive(brotliDecompressSync(await packed(name))).extract(target);
}

function packed(name: string): Promise<ArrayBuffer> {
  return Bun.file(join(packedFolder, name)).arrayBuffer();
}
