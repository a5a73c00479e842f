import { join } from "node:path";
import { gitBlobId } from "../../../../src/systems/forecasting/library/digest";
import { GOLDENS } from "../goldens";

/** What the stand-in of the hub does wrong, one request after the other; past the end of the list it does right. */
export type Fault =
  /** Sends so many bytes, then breaks the connection. */
  | { kind: "drop"; afterBytes: number }
  | { kind: "status"; status: number }
  /** Sends everything, whatever range was asked for. */
  | { kind: "no ranges" }
  /** Sends bytes of its own in the place of the file's. */
  | { kind: "other bytes" }
  | { kind: "too much" };

export interface LocalHub {
  endpoint: string;
  /** Of each request: where to, with which range, and whether it had a token. */
  requests: { host: "hub" | "store"; path: string; range: string | null; token: string | null }[];
  /** Faults of the store that large files lie in. */
  faults: Fault[];
  /** Where the hub sends whoever asks for a large file; the store where unset. */
  redirect: string | undefined;
  licence: string | undefined;
  /** What the hub says that the weights' size is; the true one where unset. */
  claimedSize: number | undefined;
  stop(): Promise<void>;
}

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const TOKEN_PATHS = /^\/(api|acme|closed)\//;

/** A hub on this machine that speaks the public one's protocol, and keeps large files at another address, as that does. */
export async function startHub(): Promise<LocalHub> {
  const folder = join(GOLDENS, "timesfm/tiny-2.5");
  const weights = await Bun.file(join(folder, "model.safetensors")).bytes();
  const config = await Bun.file(join(folder, "config.json")).bytes();
  const sha256 = new Bun.CryptoHasher("sha256").update(weights).digest("hex");

  const note = (host: "hub" | "store", request: Request) => {
    const { pathname } = new URL(request.url);
    const [range, token] = [request.headers.get("range"), request.headers.get("authorization")];
    hub.requests.push({ host, path: pathname, range, token });
    return pathname;
  };

  const store = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      note("store", request);
      return answered(weights, request.headers.get("range"), hub.faults.shift());
    },
  });

  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const path = note("hub", request);
      if (path.startsWith("/api/models/closed/") && request.headers.get("authorization") === null) {
        return new Response("", { status: 401 });
      }
      if (!TOKEN_PATHS.test(path) || path.includes("/unknown")) return new Response("", { status: 404 });
      if (path.includes("/revision/")) return Response.json({ sha: COMMIT, cardData: { license: hub.licence } });
      if (path.includes("/tree/")) {
        const size = hub.claimedSize ?? weights.byteLength;
        return Response.json([
          { type: "directory", path: "runs", oid: "0", size: 0 },
          { type: "file", path: "runs/model.safetensors", oid: "0", size: 1 },
          { type: "file", path: "model.safetensors", oid: "0", size: 130, lfs: { oid: sha256, size } },
          { type: "file", path: "config.json", oid: gitBlobId(config), size: config.byteLength },
        ]);
      }
      if (path.endsWith("/config.json")) return new Response(config);
      return Response.redirect(hub.redirect ?? `http://127.0.0.1:${store.port}/blob`, 302);
    },
  });

  const hub: LocalHub = {
    endpoint: `http://127.0.0.1:${server.port}`,
    requests: [],
    faults: [],
    redirect: undefined,
    licence: "apache-2.0",
    claimedSize: undefined,
    async stop() {
      await Promise.all([server.stop(true), store.stop(true)]);
    },
  };
  return hub;
}

function answered(file: Uint8Array<ArrayBuffer>, range: string | null, fault: Fault | undefined): Response {
  if (fault?.kind === "status") return new Response("", { status: fault.status });
  const from = fault?.kind === "no ranges" ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  const rest = file.subarray(from);
  const headers: Record<string, string> =
    from > 0 ? { "content-range": `bytes ${from}-${file.byteLength - 1}/${file.byteLength}` } : {};
  const status = from > 0 ? 206 : 200;
  if (fault?.kind === "other bytes") return new Response(new Uint8Array(rest.byteLength).fill(7), { status, headers });
  if (fault?.kind === "too much") return new Response(Buffer.concat([rest, Buffer.alloc(100)]), { status, headers });
  if (fault?.kind !== "drop") return new Response(rest, { status, headers });
  const cut = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(rest.slice(0, fault.afterBytes));
      controller.close();
    },
  });
  return new Response(cut, { status, headers });
}
