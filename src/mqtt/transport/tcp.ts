import type { Socket, SocketHandler, TLSOptions } from "bun";
import type { Broker } from "../broker/broker";
import type { Connection, Transport } from "../state/connection";

/** Where a listener stands. */
export interface ListenOptions {
  hostname: string;
  /** 0: any free one, which the listener then names. */
  port: number;
  /** What it is called in a client's credentials; `tcp` and `tls` by default. */
  transport?: string;
}

/** A listener that is up. */
export interface Listener {
  readonly port: number;
  /** Takes no more connections; those there are stay. The broker does it when it stops. */
  stop(): void;
  /** Stops taking connections, and gives what begins again; throws where the port is taken meanwhile. */
  rest(): () => void;
}

/** A listener whose certificate can be changed. */
export interface TlsListener extends Listener {
  /**
   * Shows other certificates from now on; connections that are there stay. Throws where they are none, or do not fit, and
   * goes on with those of before.
   */
  renew(files: CertificateFiles): void;
}

/** Certificates as PEM text or files. `ca` asks clients for certificates of theirs, and refuses those without. */
export interface CertificateFiles {
  key: TLSOptions["key"];
  cert: TLSOptions["cert"];
  ca?: TLSOptions["ca"];
}

export interface TlsListenOptions extends ListenOptions, CertificateFiles {}

/**
 * Listens for MQTT over TCP. The socket itself is the transport: nothing is allocated between it and the broker. Throws
 * where the port is taken.
 */
export function listenTcp(broker: Broker, options: ListenOptions): Listener {
  const { renew: _, ...listener } = listen(broker, options, options.transport ?? "tcp");
  return listener;
}

/** Listens for MQTT over TLS. Throws where the port is taken, or key and certificate are none or do not fit. */
export function listenTls(broker: Broker, options: TlsListenOptions): TlsListener {
  const { renew, ...listener } = listen(broker, options, options.transport ?? "tls", tlsOptions(options));
  return { ...listener, renew: (files) => renew(tlsOptions(files)) };
}

function tlsOptions({ key, cert, ca }: CertificateFiles): TLSOptions {
  // Both are needed: asking alone lets in clients whose certificate nobody has signed.
  const mutual = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true };
  return { key, cert, ...mutual } as TLSOptions;
}

/** The library's reasons are objects that may not be errors. */
function messageOf(error: unknown): string {
  const { message, code } = error as { message?: unknown; code?: unknown };
  return String(message ?? code ?? error);
}

function listen(broker: Broker, { hostname, port: asked }: ListenOptions, name: string, firstTls?: TLSOptions) {
  let tls = firstTls;
  const transportOf = firstTls === undefined ? (socket: Socket<Connection | null>) => socket : tlsTransport;
  const socket = socketFunctions(broker, name, transportOf);
  const open = (at: number) => Bun.listen({ hostname, port: at, ...(tls === undefined ? {} : { tls }), socket });
  let listener = open(asked);
  const port: number = listener.port;
  let isStopped = false;
  let isResting = false;
  const stop = (): void => {
    isStopped = true;
    listener.stop();
  };
  broker.onStop(stop);

  function rest(): () => void {
    listener.stop(false);
    isResting = true;
    return () => {
      if (!isStopped) listener = open(port);
      isResting = false;
    };
  }

  function renew(next: TLSOptions): void {
    const before = tls;
    tls = next;
    if (isResting) return;
    // Nobody comes in between: both happen in one turn of the event loop.
    listener.stop(false);
    try {
      listener = open(port);
    } catch (error) {
      tls = before;
      listener = open(port);
      throw error;
    }
  }
  return { port, stop, rest, renew };
}

function socketFunctions(
  { attachment }: Broker,
  name: string,
  transportOf: (socket: Socket<Connection | null>) => Transport,
): SocketHandler<Connection | null> {
  function leave(socket: Socket<Connection | null>): void {
    if (socket.data !== null && socket.data !== undefined) attachment.closed(socket.data);
    socket.data = null;
  }

  return {
    open(socket) {
      socket.data = attachment.open(transportOf(socket), name, socket.remoteAddress);
      if (socket.data === null) socket.terminate();
    },
    // Where this function is given, Bun opens a TLS socket when its peer arrives, and not when it has shaken hands: one
    // that never does is counted, and closed when its time is over.
    handshake(socket, isDone, error) {
      if (isDone) return;
      const why = error === null || error === undefined ? "no reason is known" : messageOf(error);
      if (socket.data !== null) attachment.failed(socket.data, `the TLS handshake failed: ${why}`);
      socket.terminate();
    },
    data(socket, chunk) {
      if (socket.data !== null) attachment.receive(socket.data, chunk);
    },
    drain(socket) {
      if (socket.data !== null) attachment.drained(socket.data);
    },
    close: leave,
    error: leave,
  };
}

/**
 * A TLS socket as a transport. Its own `end` waits for the peer's farewell and can then not be cut short: whoever never
 * sends one would keep the socket for ever. Its `shutdown` says the same to the peer and leaves `terminate` its effect.
 */
function tlsTransport(socket: Socket<Connection | null>): Transport {
  return {
    write: (bytes) => socket.write(bytes),
    end: () => socket.shutdown(),
    terminate: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}
