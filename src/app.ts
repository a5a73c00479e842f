import type { LoadedConfig } from "./config/load";
import { allowedHostsOf, corsOriginsOf } from "./config/secrets";
import type { SettingName } from "./config/settings";
import { createWorker } from "./createWorker";
import { createParts } from "./parts";
import { type Assets, assetRoutes, openAssets } from "./platform/assets/serve";
import { blobRoutes } from "./platform/blobs/routes";
import { docsRoutes } from "./platform/http/api/docsRoutes";
import { documentOf } from "./platform/http/api/document";
import { detailShape } from "./platform/http/errorShape";
import { mainAnswers, ownAnswers } from "./platform/http/rootAnswers";
import { assetMount, rootRoutes } from "./platform/http/rootRoutes";
import { matchesRoute } from "./platform/http/routeMatch";
import { type HttpServer, listenHttp } from "./platform/http/server";
import { openPlatform } from "./platform/openPlatform";
import { operationsRoutes } from "./platform/operations/routes";
import { statusOf } from "./platform/operations/status";
import type { Platform } from "./platform/platform";
import type { System } from "./platform/system";
import { refuseSharedRoutes, type Union, unionOf } from "./platform/union";

export interface App {
  /** The address of the main port. */
  url: string;
  /** Drains and closes everything, the last opened first. */
  stop(): Promise<void>;
}

/**
 * Starts the systems that the settings ask for and listens.
 * @throws UsageError for what the person at the command line can mend.
 */
export async function startApp(loaded: LoadedConfig): Promise<App> {
  await using closing = new AsyncDisposableStack();
  const stopping = new AbortController();
  const platform = await openPlatform(loaded, createWorker, closing, stopping.signal);
  const parts = await createParts(loaded, platform, () => main.url);
  const union = unionOf(parts.map(({ system }) => system));
  for (const system of union.systems) {
    closing.defer(() => system.stop());
    await system.start();
  }
  const assets = openAssets();
  const main = listenMain(loaded, platform, union, assets);
  closing.defer(() => main.stop(platform.config.DRAIN_TIMEOUT_S * 1000));
  const own = parts.flatMap(({ system, port, beside = [] }) => [
    ...listenAlone(loaded, platform, assets, [system, ...beside], port),
    ...listenAside(loaded, platform, system),
  ]);
  for (const server of own) closing.defer(() => server.stop(platform.config.DRAIN_TIMEOUT_S * 1000));
  closing.defer(() => stopping.abort());
  platform.log.write("info", "serving", { url: main.url, systems: union.systems.map(({ name }) => name) });
  const opened = closing.move();
  return { url: main.url, stop: () => opened.disposeAsync() };
}

function listenMain(loaded: LoadedConfig, platform: Platform, union: Union, assets: Assets): HttpServer {
  const { log, pool } = platform;
  const { systems, pages, securitySchemes } = union;
  const document = documentOf(() => described, securitySchemes);
  const operations = operationsRoutes({
    loaded,
    platform,
    status: () => statusOf(systems, pool),
    union,
    document,
  });
  const house = [rootRoutes(mainAnswers(systems), assets.page, detailShape, log), operations, blobsOf(platform)];
  const described: System["routes"][] = [...house, ...systems.map((system) => system.routes)];
  const undescribed = [
    docsRoutes(document, assets.page),
    ...systems.flatMap((system) => docsAlone(system, assets)),
    assetMount(assetRoutes(assets, [...pages, "system"]), detailShape, log),
  ];
  refuseSharedRoutes(systems, [...house, ...undescribed]);
  return listenHttp([...undescribed, ...described], {
    ...httpOptions(loaded, platform, systems),
    port: loaded.values.PORT,
    portSetting: "PORT",
  });
}

function listenAlone(
  loaded: LoadedConfig,
  platform: Platform,
  assets: Assets,
  systems: readonly [System, ...System[]],
  setting?: SettingName,
): HttpServer[] {
  const [system] = systems;
  const port = setting && loaded.values[setting];
  if (typeof port !== "number") return [];
  const root = rootRoutes(ownAnswers(system), async () => undefined, detailShape, platform.log);
  const pages = assetMount(assetRoutes(assets, system.originalPages ?? []), detailShape, platform.log);
  const docs = docsRoutes(
    documentOf(() => [root, ...systems.map(({ routes }) => routes)], system.securitySchemes),
    assets.page,
  );
  const options = { ...httpOptions(loaded, platform, systems), port, portSetting: setting ?? "PORT" };
  const server = listenHttp(
    [docs, ...docsAlone(system, assets), pages, root, blobsOf(platform), ...systems.map(({ routes }) => routes)],
    options,
  );
  platform.log.write("info", "serving alone", { system: system.name, url: server.url });
  return [server];
}

/** What a system has on ports of their own, where they are set. */
function listenAside(loaded: LoadedConfig, platform: Platform, system: System): HttpServer[] {
  return Object.entries(system.aside ?? {}).flatMap(([setting, routes]) => {
    const port = loaded.values[setting as SettingName];
    if (typeof port !== "number" || routes === undefined) return [];
    const server = listenHttp([routes], { ...httpOptions(loaded, platform, [system]), port, portSetting: setting });
    platform.log.write("info", "serving aside", { system: system.name, setting, url: server.url });
    return [server];
  });
}

/** The description of one system where its clients look for it. */
function docsAlone({ docsAt, routes, securitySchemes }: System, assets: Assets): System["routes"][] {
  if (docsAt === undefined) return [];
  return [
    docsRoutes(
      documentOf(() => [routes], securitySchemes),
      assets.page,
      docsAt,
    ),
  ];
}

function blobsOf({ blobs, blobKey, clock, log, config }: Platform): System["routes"] {
  return blobRoutes({ blobs, key: blobKey, clock, log, maxBytes: config.BLOB_MAX_BYTES });
}

/** Bun has one limit of frames for all WebSockets of a server: the largest that one of its systems needs. */
function largestFrame(systems: readonly System[]): { maxFrameBytes?: number } {
  const asked = systems.flatMap(({ maxFrameBytes }) => maxFrameBytes ?? []);
  return asked.length === 0 ? {} : { maxFrameBytes: Math.max(...asked) };
}

function httpOptions(loaded: LoadedConfig, { log, metrics }: Platform, systems: readonly System[]) {
  const { values } = loaded;
  return {
    hostname: values.HOST,
    corsOrigins: corsByPath(loaded, systems),
    allowedHosts: allowedHostsOf(loaded),
    maxBodyBytes: values.MAX_BODY_BYTES,
    largestBodyBytes: Math.max(values.BLOB_MAX_BYTES, ...systems.map(({ maxBodyBytes = 0 }) => maxBodyBytes)),
    ...largestFrame(systems),
    idleTimeoutS: values.IDLE_TIMEOUT_S,
    shape: detailShape,
    log,
    metrics,
  };
}

/** Signed links lead to results of systems that pages of any origin may call. */
const BLOB_ROUTES = /^\/blobs\//;

/** Origins of other sites that may call a path: a system's own rule where the path is one of its routes. */
function corsByPath(loaded: LoadedConfig, systems: readonly System[]): (path: string) => readonly string[] {
  const forAny = corsOriginsOf(loaded, true);
  const others = corsOriginsOf(loaded, false);
  const routes = systems.filter(({ anyOrigin }) => anyOrigin).flatMap((system) => system.routes.routes);
  return (path) =>
    BLOB_ROUTES.test(path) || routes.some(({ path: pattern }) => matchesRoute(pattern, path)) ? forAny : others;
}
