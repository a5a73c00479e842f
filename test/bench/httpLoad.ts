/** HTTP/1.1 load over kept-alive connections, one request at a time on each, with as little work per answer as can be. */

export interface LoadResult {
  requests: number;
  seconds: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers with a status other than 2xx. */
  failed: number;
}

export interface LoadOptions {
  port: number;
  connections: number;
  /** Ends after this long. */
  seconds: number;
  /** The whole request, head and body; called for each, so that requests can differ. */
  request: (index: number) => Uint8Array;
}

/** The bytes of a request with an optional JSON body and further headers. */
export function requestBytes(
  method: string,
  path: string,
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Uint8Array {
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${more.join("")}`;
  if (body === undefined) return Buffer.from(`${head}\r\n`);
  return Buffer.from(
    `${head}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

export async function httpLoad({ port, connections, seconds, request }: LoadOptions): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1000;
  let index = 0;
  let failed = 0;
  const one = () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let sentMs = 0;
    let answer = newAnswer();
    const send = (socket: Bun.Socket) => {
      sentMs = performance.now();
      if (sentMs >= endMs) {
        socket.end();
        resolve();
        return;
      }
      answer = newAnswer();
      socket.write(request(index++));
    };
    void Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        open: send,
        data(socket, chunk) {
          if (!takeChunk(answer, chunk)) return;
          latenciesMs.push(performance.now() - sentMs);
          if (answer.status < 200 || answer.status > 299) failed++;
          send(socket);
        },
        error: (_, error) => reject(error),
        close: () => resolve(),
        connectError: (_, error) => reject(error),
      },
    });
    return promise;
  };
  await Promise.all(Array.from({ length: connections }, one));
  const elapsed = (performance.now() - startedMs) / 1000;
  const sorted = Float64Array.from(latenciesMs).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return {
    requests: sorted.length,
    seconds: elapsed,
    perSecond: sorted.length / elapsed,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    failed,
  };
}

interface Answer {
  head: string;
  status: number;
  /** Body bytes still to come; undefined until the head is whole. */
  remaining: number | undefined;
}

function newAnswer(): Answer {
  return { head: "", status: 0, remaining: undefined };
}

/** Whether the answer is complete with this chunk. Only bodies with a declared length are understood. */
function takeChunk(answer: Answer, chunk: Buffer): boolean {
  if (answer.remaining !== undefined) {
    answer.remaining -= chunk.length;
    return answer.remaining <= 0;
  }
  const before = answer.head.length;
  answer.head += chunk.toString("latin1");
  const end = answer.head.indexOf("\r\n\r\n");
  if (end < 0) return false;
  answer.status = Number(answer.head.slice(9, 12));
  const length = Number(/content-length: (\d+)/i.exec(answer.head)?.[1] ?? 0);
  answer.remaining = length - (chunk.length - (end + 4 - before));
  return answer.remaining <= 0;
}
