import type { Hit, Status } from "./api";

/** Something the command palette can do, or go to where it has an address. */
export interface PaletteEntry {
  kind: string;
  title: string;
  hint: string;
  href?: string;
  run?: () => void;
}

type PageEntry = PaletteEntry & { href: string };

const DOCS: PaletteEntry[] = [
  { kind: "doc", title: "API description", hint: "every path, to be tried out", href: "/docs" },
  { kind: "doc", title: "OpenAPI file", hint: "for generating a client", href: "/openapi.json" },
  { kind: "doc", title: "Prometheus metrics", hint: "for a monitoring server", href: "/metrics" },
];

/** The pages of the systems that are switched on, in the order of the rail. */
export function pageEntries(status: Status | null): PageEntry[] {
  const systems = (status?.systems ?? []).filter(({ href }) => href !== null);
  return [
    { kind: "page", title: "Start", hint: "all systems at a glance", href: "/" },
    ...systems.map(
      ({ title, caption, href }): PageEntry => ({ kind: "page", title, hint: caption, href: href ?? "/" }),
    ),
    { kind: "page", title: "System", hint: "health, logs, settings, storage", href: "/system" },
  ];
}

/** What is offered for a query: pages, commands and docs whose words all begin or contain it, then what was found. */
export function matchingEntries(
  query: string,
  status: Status | null,
  commands: readonly PaletteEntry[],
  found: readonly Hit[],
): PaletteEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const known = [...pageEntries(status), ...commands, ...DOCS];
  const matching = known.filter(({ kind, title, hint }) => {
    const text = `${kind} ${title} ${hint}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const byTitle = matching.sort((a, b) => Number(titleMatches(b, query)) - Number(titleMatches(a, query)));
  return [...byTitle, ...found];
}

function titleMatches({ title }: PaletteEntry, query: string): boolean {
  return title.toLowerCase().startsWith(query.trim().toLowerCase());
}
