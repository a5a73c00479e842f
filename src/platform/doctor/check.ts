/**
 * - `works`: nothing to do.
 * - `limited`: works, with less than it could.
 * - `missing`: not there, and not needed.
 * - `fails`: what is needed does not work.
 */
export type Outcome = "works" | "limited" | "missing" | "fails";

/** What one check of this machine found. */
export interface Finding {
  outcome: Outcome;
  /** A sentence with the figures. */
  found: string;
  /** What to do about it; null where nothing needs doing. */
  advice: string | null;
  /** The figures again, for programs; units are in the names. */
  figures: Record<string, number | string | null>;
}

/** A line of `doctor`: something that the program, or one system, needs of this machine. */
export interface Check {
  name: string;
  /** What it throws counts as failed, with its sentence. */
  run(): Finding | Promise<Finding>;
}

export interface DoctorCheck extends Finding {
  name: string;
}

export interface DoctorReport {
  version: string;
  /** The commit of an executable, or `source`. */
  build: string;
  /** Operating system and processor. */
  platform: string;
  /** Whether everything that is needed works. */
  ok: boolean;
  checks: DoctorCheck[];
}

/** A count of bytes as people read it. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
