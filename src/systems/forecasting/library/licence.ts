import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../../platform/errors";

const MAX_README_CHARACTERS = 64 * 1024;

/**
 * The licence that a folder's model card names in its head (`license: apache-2.0` between two lines of dashes); null where
 * nothing says. https://huggingface.co/docs/hub/model-cards
 */
export function licenceIn(folder: string): string | null {
  const path = join(folder, "README.md");
  if (!existsSync(path)) return null;
  const text = readFileSync(path, "utf8").slice(0, MAX_README_CHARACTERS);
  const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? "";
  return /^license:\s*["']?([\w.-]+)/m.exec(head)?.[1] ?? null;
}

/** Whether a licence forbids or may forbid commercial use, so that whoever pulls the model must say that they accept. */
export function asksForAcceptance(licence: string | null): boolean {
  return licence !== null && (/(^|[-_])nc([-_.]|$)|non-?commercial|research/i.test(licence) || licence === "other");
}

/** A model is not pulled before its licence is accepted. */
export class LicenceNotAccepted extends UsageError {}
