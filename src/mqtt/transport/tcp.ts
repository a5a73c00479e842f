import type { Socket, TLSOptions } from "bun";
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

/** Certificates as PEM text or files. `ca` asks clients for certificates of theirs, and refuses those without. */
export interface TlsListenOptions extends ListenOptions {
  key: TLSOptions["key"];
  cert: TLSOptions["cert"];
  ca?: TLSOptions["ca"];
}

/**
 * Listens for MQTT over TCP. The socket itself is the transport: nothing is allocated between it and the broker. Throws
 * where the port is taken.
 */
export function listenTcp(broker: Broker, options: ListenOptions): Listener {
  return listen(broker, options, options.transport ?? "tcp", undefined);
}

/** Listens for MQTT over TLS. Throws where the port is taken, or key and certificate are none or do not fit. */
export function listenTls(broker: Broker, options: TlsListenOptions): Listener {
  const { key, cert, ca } = options;
  // Both are needed: asking alone lets in clients whose certificate nobody has signed.
  const mutual = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true };
  return listen(broker, options, options.transport ?? "tls", { key, cert, ...mutual } as TLSOptions);
}

function listen(broker: Broker, options: ListenOptions, name: string, tls: TLSOptions | undefined): Listener {
  const { attachment } = broker;
  const open = (port: number) =>
    Bun.listen<Connection | null>({
      hostname: options.hostname,
      port,
      ...(tls === undefined ? {} : { tls }),
      socket: {
        open(socket) {
          const transport = tls === undefined ? socket : tlsTransport(socket);
          socket.data = attachment.open(transport, name, socket.remoteAddress);
          if (socket.data === null) socket.terminate();
        },
        // Where this function is given, Bun opens a TLS socket when its peer arrives, and not when it has shaken hands: one
        // that never does is counted, and closed when its time is over.
        handshake(socket, isDone) {
          if (!isDone) socket.terminate();
        },
        data(socket, chunk) {
          if (socket.data !== null) attachment.receive(socket.data, chunk);
        },
        drain(socket) {
          if (socket.data !== null) attachment.drained(socket.data);
        },
        close: leave,
        error: leave,
      },
    });

  function leave(socket: Socket<Connection | null>): void {
    if (socket.data !== null && socket.data !== undefined) attachment.closed(socket.data);
    socket.data = null;
  }

  let listener = open(options.port);
  const { port } = listener;
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
    listener.stop();
  };
  broker.onStop(stop);
  return {
    port,
    stop,
    rest() {
      listener.stop(false);
      return () => {
        if (!isStopped) listener = open(port);
      };
    },
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
