import type { DoctorReport, Outcome } from "./check";

const COLOURS: Record<Outcome, string> = { works: "32", limited: "33", missing: "2", fails: "31" };
const OUTCOME_WIDTH = 9;

/** One line for each check, what to do below it where there is something. */
export type Style = "plain" | "coloured";

/** The report as a page of text. */
export function doctorText({ version, build, platform, ok, checks }: DoctorReport, style: Style): string {
  const nameWidth = Math.max(...checks.map(({ name }) => name.length)) + 2;
  const lines = checks.flatMap(({ name, outcome, found, advice }) => {
    const mark = coloured(outcome.padEnd(OUTCOME_WIDTH), COLOURS[outcome], style);
    const line = `${mark}${name.padEnd(nameWidth)}${found}`;
    return advice === null ? [line] : [line, `${" ".repeat(OUTCOME_WIDTH + nameWidth)}${advice}`];
  });
  const failed = checks.filter(({ outcome }) => outcome === "fails").length;
  const verdict = ok ? "Everything that is needed works." : `${failed} of ${checks.length} checks failed.`;
  return `Foresight ${version} (${build}) on ${platform}\n\n${lines.join("\n")}\n\n${verdict}\n`;
}

function coloured(text: string, colour: string, style: Style): string {
  return style === "plain" ? text : `\x1b[${colour}m${text}\x1b[0m`;
}
