import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gatherNotices } from "../../../src/platform/licenses/gather";
import { notices } from "../../../src/platform/licenses/notices";
import { bundledPackages } from "../../../src/platform/licenses/trace";

setDefaultTimeout(30_000);

const repository = join(import.meta.dir, "../../..");
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "foresight-licenses-"));
  const files: Record<string, string> = {
    "src/main.ts": 'import { used } from "used";\nimport { unused } from "never-taken";\nconsole.log(used);',
    "src/worker.ts": 'import "@scope/worker-part";',
    "static/start/page.tsx": 'import { page } from "page-part";\nconsole.log(page);',
    "node_modules/used/index.js": 'import { inner } from "inner";\nexport const used = inner + 1;',
    "node_modules/used/package.json":
      '{"name":"used","version":"1.0.0","license":"MIT","repository":{"url":"git+https://x/used"}}',
    "node_modules/used/LICENSE": "used's license",
    "node_modules/used/NOTICE.md": "used's notice",
    "node_modules/used/LICENSE_FONT": "its font's license",
    "node_modules/used/used.js.LICENSE.txt": "what used holds",
    "node_modules/used/licenses.js": "no notice",
    "node_modules/used/node_modules/inner/index.js": "export const inner = 1;",
    "node_modules/used/node_modules/inner/package.json": '{"name":"inner","version":"2.0.0","license":"ISC"}',
    "node_modules/never-taken/index.js": "export const unused = 1;",
    "node_modules/never-taken/package.json": '{"name":"never-taken","version":"1.0.0","sideEffects":false}',
    "node_modules/@scope/worker-part/index.js": "console.log('part');",
    "node_modules/@scope/worker-part/package.json":
      '{"name":"@scope/worker-part","version":"3.0.0","license":"BSD-2-Clause"}',
    "node_modules/@scope/worker-part/license.md": "part's license",
    "node_modules/page-part/index.js": "export const page = 'x';",
    "node_modules/page-part/package.json":
      '{"name":"page-part","version":"4.0.0","license":"MIT","homepage":"https://x/page"}',
    "node_modules/page-part/copying.txt": "page's license",
    "node_modules/bun/package.json": '{"name":"bun","version":"9.9.9","license":"MIT"}',
    "licenses/bun/LICENSE.txt": "the runtime's license",
    "licenses/page-part/MORE.txt": "what page-part holds",
  };
  await Promise.all(Object.entries(files).map(([name, text]) => Bun.write(join(root, name), text)));
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe("the notices", () => {
  test("name a package that ships none and for which none was added", () => {
    expect(gatherNotices(root)).rejects.toThrow(
      "inner ships no license; put its text into licenses/inner/LICENSE.txt.",
    );
  });

  test("hold the texts of what the bundler took, pages, Workers and the runtime included, and of nothing else", async () => {
    await Bun.write(join(root, "licenses/inner/LICENSE.txt"), "inner's license\n");
    const text = await gatherNotices(root);
    const rule = "=".repeat(80);
    const blocks = [
      `${rule}\n@scope/worker-part 3.0.0\nLicense: BSD-2-Clause\n${rule}\n\npart's license\n`,
      `${rule}\ninner 2.0.0\nLicense: ISC\n${rule}\n\ninner's license\n`,
      `${rule}\npage-part 4.0.0\nLicense: MIT\nSource: https://x/page\n${rule}\n\npage's license\n\nwhat page-part holds\n`,
      `${rule}\nused 1.0.0\nLicense: MIT\nSource: https://x/used\n${rule}\n\nused's license\n\nits font's license\n\nused's notice\n\nwhat used holds\n`,
      `${rule}\nbun 9.9.9\nLicense: MIT\n${rule}\n\nthe runtime's license\n`,
    ];
    expect(text).toBe(`This program holds the following works of others, with thanks.\n\n${blocks.join("\n")}`);
  });
});

describe("of this program", () => {
  test("the native libraries and the pages' library are known to be inside, the tools are not", async () => {
    const names = (await bundledPackages(repository)).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["elysia", "onnxruntime-node", "preact", "webgpu", "zod"]));
    for (const tool of ["typescript", "@biomejs/biome", "playwright-core", "adm-zip"])
      expect(names).not.toContain(tool);
  });

  test("every library has its notice", async () => {
    const text = await notices();
    for (const { name } of await bundledPackages(repository)) expect(text).toMatch(new RegExp(`^${name} \\d`, "m"));
    expect(text).toContain("GNU LIBRARY GENERAL PUBLIC LICENSE");
    expect(text).toContain("SIL OPEN FONT LICENSE");
    expect(text).toContain("THIRD PARTY SOFTWARE NOTICES AND INFORMATION");
  });
});
