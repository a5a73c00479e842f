import { closeSync, openSync, readFileSync } from "node:fs";

/** How many files and connections this process may have open at most; undefined where the system does not tell. */
export function mostOpenFiles(): number | undefined {
  let limits: string;
  try {
    limits = readFileSync("/proc/self/limits", "utf8");
  } catch {
    return undefined;
  }
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1];
  return hard === undefined || hard === "unlimited" ? undefined : Number(hard);
}

/** Whether no file can be opened at this moment, and so no connection be taken. */
export function isOutOfFiles(): boolean {
  try {
    closeSync(openSync("/dev/null", "r"));
    return false;
  } catch (error) {
    return ["EMFILE", "ENFILE"].includes((error as NodeJS.ErrnoException).code ?? "");
  }
}
