import { join } from "node:path";
import { noticesPath } from "./embedded";
import { gatherNotices } from "./gather";

/** The notices of every library inside: those gathered when the executable was built, or from source gathered now. */
export async function notices(): Promise<string> {
  if (noticesPath === undefined) return gatherNotices(join(import.meta.dir, "../../.."));
  return new TextDecoder().decode(Bun.zstdDecompressSync(await Bun.file(noticesPath).bytes()));
}
