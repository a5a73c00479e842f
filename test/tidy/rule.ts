import type { Import, Source, Tree } from "./tree";

/** Something that breaks a rule. */
export interface Offence {
  path: string;
  what: string;
  /** What is imported, where an import is the offence. */
  target?: string;
}

/** Files, by path, that are written into a copy of the sources. */
export type Example = Readonly<Record<string, string>>;

/** Leave to break a rule: in a file, or in all of a folder whose name ends with a slash. */
export interface Permit {
  path: string;
  /** What may be imported there, a file without its extension or a folder; absent: whatever the rule forbids. */
  to?: string;
}

/** A rule of the house; docs/architecture.md, "Rules". */
export interface Rule {
  /** The sentence that stands in the document. */
  name: string;
  offences(tree: Tree): Offence[];
  permits?: readonly Permit[];
  /** Changes that break the rule: it must find the first file of each. */
  refused: readonly Example[];
  /** Changes that come near it and do not break it. */
  allowed?: readonly Example[];
}

/** What breaks the rule without leave. */
export function offencesOf({ offences, permits = [] }: Rule, tree: Tree): Offence[] {
  return offences(tree).filter((offence) => !permits.some((permit) => covers(permit, offence)));
}

/** Permits that nothing needs any more. */
export function unneededPermits({ offences, permits = [] }: Rule, tree: Tree): Permit[] {
  const found = offences(tree);
  return permits.filter((permit) => !found.some((offence) => covers(permit, offence)));
}

function covers({ path, to }: Permit, offence: Offence): boolean {
  return isIn(path, offence.path) && (to === undefined || (offence.target !== undefined && isIn(to, offence.target)));
}

function isIn(place: string, path: string): boolean {
  return place.endsWith("/") ? path.startsWith(place) : path === place;
}

/** A rule that looks at one file at a time. */
export function eachSource(find: (source: Source) => readonly string[]): Rule["offences"] {
  return (tree) => [...tree.values()].flatMap((source) => find(source).map((what) => ({ path: source.path, what })));
}

/** A rule on what files may import. */
export function eachImport(isForbidden: (path: string, imported: Import) => boolean): Rule["offences"] {
  return (tree) =>
    [...tree.values()].flatMap(({ path, imports }) =>
      imports
        .filter((imported) => isForbidden(path, imported))
        .map(({ target, isType }) => ({ path, target, what: `imports ${isType ? "a type of " : ""}${target}` })),
    );
}

/** A file that imports another by value. */
export const importing = (target: string) => `import { x } from "${target}";\nexport const y = x;\n`;

/** A file that imports another by type. */
export const importingType = (target: string) => `import type { X } from "${target}";\nexport type Y = X;\n`;
