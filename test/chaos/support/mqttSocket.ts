import { createConnection } from "node:net";
import type { Inlet, Wire } from "./mqttPeer";

/** A wire that is a TCP connection to this machine. What it is given before it is up waits. */
export function tcpWire(port: number): (inlet: Inlet) => Wire {
  return (inlet) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.setNoDelay(true);
    socket.on("data", (bytes: Buffer) => inlet.receive(bytes));
    // A refused or broken connection is told by its end.
    socket.on("error", () => undefined);
    socket.on("close", () => inlet.closed());
    return { send: (bytes) => void socket.write(bytes), close: () => void socket.end() };
  };
}
