import type { Hit } from "../../../platform/system";
import type { Registry } from "./registry";

const JOB_ID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/**
 * What the palette finds: types to be run, and the view of a job whose whole id is typed. Whose job that is, or whether
 * there is one, is told to its owner alone, by the view.
 */
export function findTypes(registry: Registry, query: string): Hit[] {
  const sought = query.trim().toLowerCase();
  if (JOB_ID.test(sought)) return [{ kind: "job", title: sought, hint: "one of mine", href: `/jobs?job=${sought}` }];
  const words = sought.split(/\s+/);
  return registry
    .list()
    .filter(({ type, title }) => words.every((word) => `run ${type} ${title}`.toLowerCase().includes(word)))
    .map(({ type, title, summary }) => ({
      kind: "run",
      title: `Run ${title}`,
      hint: summary,
      href: `/jobs?tab=new&type=${encodeURIComponent(type)}`,
    }));
}
