import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { type EcmaScriptModule, type ParseResult, parseSync, Visitor } from "oxc-parser";

export const root = join(import.meta.dir, "../..");

/** What one file takes from another, or from a package. */
export interface Import {
  /** A path of ours from the root, without its extension, or the name of a package. */
  target: string;
  isType: boolean;
}

export interface Source {
  path: string;
  text: string;
  imports: readonly Import[];
  /** The syntax tree; undefined where the file is no TypeScript. */
  parsed: ParseResult | undefined;
}

/** The project's sources by their paths from the root. */
export type Tree = ReadonlyMap<string, Source>;

const FOLDERS = ["src", "static", "test", "kernels", "drizzle", "docs"];
const READ = /\.(tsx?|css|wgsl|md)$/;
const OURS = /\.(tsx?|json|css|wgsl|sql)$/;

/** Every source and document of the project as they stand on the disk. */
export function readTree(): Tree {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => READ.test(name))
      .map((name) => posix.join(folder, name)),
  );
  const known = new Set([...readdirSync(root).filter((name) => /^build\.ts$|\.md$/.test(name)), ...paths]);
  return new Map(
    [...known].map((path) => [path, sourceOf(path, readFileSync(join(root, path), "utf8"), known)] as const),
  );
}

/** A copy of the tree with files written into it, those that stood in the same places replaced. */
export function withFiles(tree: Tree, files: Readonly<Record<string, string>>): Tree {
  const known = new Set([...tree.keys(), ...Object.keys(files)]);
  const copy = new Map(tree);
  for (const [path, text] of Object.entries(files)) copy.set(path, sourceOf(path, text, known));
  return copy;
}

function sourceOf(path: string, text: string, known: ReadonlySet<string>): Source {
  if (!/\.tsx?$/.test(path)) return { path, text, imports: [], parsed: undefined };
  const parsed = parseSync(path, text);
  if (parsed.errors.length > 0) throw new Error(`${path} cannot be parsed: ${parsed.errors[0]!.message}`);
  const imports = importsOf(parsed, text).map(({ target, isType }) => ({
    target: target.startsWith(".") ? resolved(path, target, known) : target,
    isType,
  }));
  return { path, text, imports, parsed };
}

function resolved(from: string, target: string, known: ReadonlySet<string>): string {
  const path = posix.join(posix.dirname(from), target);
  const isFolder = known.has(`${path}/index.ts`) && !known.has(`${path}.ts`);
  return isFolder ? `${path}/index` : path.replace(OURS, "");
}

/** All ways in which one file names another: import, export from, import(), the type import(""), new URL(""). */
function importsOf({ module, program }: ParseResult, text: string): Import[] {
  const found = [...staticImports(module)];
  for (const { moduleRequest } of module.dynamicImports) {
    const written = text.slice(moduleRequest.start, moduleRequest.end);
    if (/^["'`]/.test(written)) found.push({ target: written.slice(1, -1), isType: false });
  }
  new Visitor({
    TSImportType: ({ source }) => {
      found.push({ target: source.value, isType: true });
    },
    NewExpression: ({ callee, arguments: [first] }) => {
      if (callee.type !== "Identifier" || callee.name !== "URL" || first?.type !== "Literal") return;
      if (typeof first.value === "string" && first.value.startsWith(".")) {
        found.push({ target: first.value, isType: false });
      }
    },
  }).visit(program);
  return found;
}

function* staticImports({ staticImports, staticExports }: EcmaScriptModule): Generator<Import> {
  for (const { moduleRequest, entries } of staticImports) {
    yield { target: moduleRequest.value, isType: entries.length > 0 && entries.every(({ isType }) => isType) };
  }
  for (const { moduleRequest, isType } of staticExports.flatMap(({ entries }) => entries)) {
    if (moduleRequest !== null) yield { target: moduleRequest.value, isType };
  }
}
