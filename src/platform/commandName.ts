import { basename } from "node:path";

/** How the program is called on this machine's command line: what the words on its pages can be copied with. */
export function commandName(): string {
  if (!Bun.isStandaloneExecutable) return "npx foresight";
  const name = basename(process.execPath);
  return Bun.which(name) === process.execPath ? name : `./${name}`;
}
