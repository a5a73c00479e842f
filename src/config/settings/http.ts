import { integer, list, port, text, toggle } from "../kinds";
import type { Settings } from "../setting";

const MIB = 1024 * 1024;

/** Who may call, and where and how the program listens. */
export const httpSettings = {
  HOST: {
    kind: text,
    default: "127.0.0.1",
    meaning: "Address to listen on. Any other than loopback makes the service closed: secrets are needed.",
    aliases: ["API_HOST", "FLASK_HOST"],
    flags: ["host"],
  },
  PORT: {
    kind: port,
    default: "8080",
    meaning: "Port of HTTP and WebSocket; 0 takes a free one.",
    aliases: ["API_PORT"],
    flags: ["port", "api-port"],
  },
  OPEN: {
    kind: toggle,
    default: "false",
    meaning: "Lets anybody in as the originals do, on whatever address. Without it only loopback is open.",
    flags: ["open"],
  },
  ONLY: {
    kind: list,
    default: "",
    meaning:
      "Names of the systems to serve, comma separated; empty means all. A name that is none is answered with those there are.",
    flags: ["only"],
  },
  CORS_ORIGINS: {
    kind: list,
    meaning:
      "Origins of other sites that browsers may call from, comma separated; default any (*) for Filecoin, Epistemix and jobs while open, else none.",
    aliases: ["CORS_ALLOWED_ORIGINS"],
  },
  ALLOWED_HOSTS: {
    kind: list,
    default: "",
    meaning:
      "Names by which a server on loopback may be asked beside those of the machine, comma separated, such as that of a proxy; * for any.",
  },
  SECRET_KEY: {
    kind: text,
    meaning: "Signs tokens and links; made by `init` or at first start.",
    secret: true,
    made: true,
  },
  MAX_BODY_BYTES: {
    kind: integer(1024, 1024 * MIB),
    default: String(16 * MIB),
    unit: "bytes",
    meaning: "The largest request body; more is answered with 413.",
  },
  IDLE_TIMEOUT_S: {
    kind: integer(5, 255),
    default: "120",
    unit: "s",
    meaning: "An HTTP connection that is silent this long is closed.",
  },
  DRAIN_TIMEOUT_S: {
    kind: integer(1, 60),
    default: "5",
    unit: "s",
    meaning: "At SIGTERM, how long running requests may take to end.",
  },
} satisfies Settings;
