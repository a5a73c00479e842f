import { httpUrl, integer } from "../kinds";
import type { Settings } from "../setting";

const MIB = 1024 * 1024;

/** Where large values are kept, and the links to them. */
export const blobSettings = {
  BLOB_MAX_BYTES: {
    kind: integer(1024, 1024 * 1024 * MIB),
    default: String(1024 * MIB),
    unit: "bytes",
    meaning: "The largest upload to /blobs; more is answered with 413.",
  },
  PUBLIC_URL: {
    kind: httpUrl,
    meaning: "The address by which callers reach this program, for signed links; default the one they called.",
  },
  PRESIGNED_URL_EXPIRY: {
    kind: integer(1, 7 * 86_400),
    default: "3600",
    unit: "s",
    meaning: "How long a signed link is good.",
  },
} satisfies Settings;
