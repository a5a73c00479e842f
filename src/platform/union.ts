import { HOUSE_CHECKS } from "./doctor/run";
import { HOUSE_MEMBERS } from "./http/rootAnswers";
import { HOUSE_FILES } from "./operations/storageReport";
import type { SecurityScheme, System } from "./system";

/** What these systems bring together. */
export interface Union {
  systems: readonly System[];
  files: NonNullable<System["files"]>;
  checks: NonNullable<System["checks"]>;
  securitySchemes: Readonly<Record<string, SecurityScheme>>;
  /** Names of the pages, the house's own not among them. */
  pages: readonly string[];
}

const HOUSE = "the house";
const HOUSE_PAGES = ["start", "system"];

/**
 * Everything that the systems bring, under one roof.
 * @throws Error that names what two of them claim, or one of them and the house: neither would be what it seems.
 */
export function unionOf(systems: readonly System[]): Union {
  const pagesOf = ({ page, originalPages = [] }: System) => [...(page === undefined ? [] : [page]), ...originalPages];
  const namesOf = (named: readonly { name: string }[] = []) => named.map(({ name }) => name);
  refuseTwoOwners("system", systems, (system) => [system.name], []);
  refuseTwoOwners("page", systems, pagesOf, HOUSE_PAGES);
  refuseTwoOwners("member", systems, ({ flat = [] }) => flat, HOUSE_MEMBERS);
  refuseTwoOwners("file", systems, ({ files }) => namesOf(files), namesOf(HOUSE_FILES));
  refuseTwoOwners("check", systems, ({ checks }) => namesOf(checks), HOUSE_CHECKS);
  refuseTwoOwners("security scheme", systems, ({ securitySchemes = {} }) => Object.keys(securitySchemes), []);
  return {
    systems,
    files: systems.flatMap(({ files = [] }) => files),
    checks: systems.flatMap(({ checks = [] }) => checks),
    securitySchemes: Object.assign({}, ...systems.map(({ securitySchemes }) => securitySchemes)),
    pages: systems.flatMap(pagesOf),
  };
}

/**
 * Of two routes of one method and path only one would ever answer.
 * @throws Error that names a route that two systems have, or one of them and the house.
 */
export function refuseSharedRoutes(systems: readonly System[], house: readonly System["routes"][]): void {
  refuseTwoOwners("route", systems, ({ routes }) => routeNames(routes), house.flatMap(routeNames));
}

/** Method and path of each, once; parameters of a path are alike, whatever they are called. */
function routeNames({ routes }: System["routes"]): string[] {
  return [...new Set(routes.map(({ method, path }) => `${method} ${path.replace(/:[^/]+/g, ":")}`))];
}

function refuseTwoOwners(
  what: string,
  systems: readonly System[],
  claimsOf: (system: System) => readonly string[],
  ofTheHouse: readonly string[],
): void {
  const owners = new Map(ofTheHouse.map((name) => [name, HOUSE]));
  for (const system of systems) {
    for (const name of claimsOf(system)) {
      const owner = owners.get(name);
      if (owner !== undefined) throw new Error(`The ${what} ${name} has two owners: ${owner} and ${system.name}.`);
      owners.set(name, system.name);
    }
  }
}
