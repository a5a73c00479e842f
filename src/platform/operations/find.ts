import type { ApiDocument } from "../http/api/document";
import type { Hit, System } from "../system";

/** The palette shows so many. */
const MAX_FOUND = 20;
/** So many of one system, that none hides the others. */
const MAX_OF_ONE_SYSTEM = 8;

/** What the systems find for the query, then operations of the API in which all of its words occur; at most 20. */
export async function findEverywhere(
  query: string,
  systems: readonly System[],
  paths: ApiDocument["paths"],
): Promise<Hit[]> {
  if (query.trim() === "") return [];
  const own = await Promise.all(systems.map((system) => system.find?.(query) ?? []));
  return [...own.flatMap((found) => found.slice(0, MAX_OF_ONE_SYSTEM)), ...findOperations(query, paths)].slice(
    0,
    MAX_FOUND,
  );
}

/** Operations whose method, path, summary and tag have all words of the query; those that begin with it come first. */
function findOperations(query: string, paths: ApiDocument["paths"]): Hit[] {
  const asked = query.trim().toLowerCase();
  const words = asked.split(/\s+/);
  const found: Hit[] = [];
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const { operationId, summary = "", tags = [] } = operation;
      const text = `${method} ${path} ${summary} ${tags.join(" ")}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) continue;
      const title = `${method.toUpperCase()} ${path}`;
      found.push({ kind: "doc", title, hint: summary, href: `/docs#/${tags[0] ?? "default"}/${operationId}` });
    }
  }
  const begins = ({ title, hint }: Hit) =>
    Number([title, title.slice(title.indexOf("/")), hint].some((text) => text.toLowerCase().startsWith(asked)));
  return found.sort((a, b) => begins(b) - begins(a));
}
