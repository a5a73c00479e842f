import type { ModelFault } from "../model";
import { faultAt, SourceError } from "../syntax/source";

/** Does something; a fault of the program is added to `faults`, and all goes on. */
export function gatherInto(faults: ModelFault[]): (action: () => void) => void {
  return (action) => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      faults.push(faultAt(error.at, error.message));
    }
  };
}

/** Faults in the order of the text, file by file as they were come upon; each is told once. */
export function inOrder(found: readonly ModelFault[]): ModelFault[] {
  const faults = [...new Map(found.map((fault) => [JSON.stringify(fault), fault])).values()];
  const files = [...new Set(faults.map(({ file }) => file))];
  const rank = ({ file }: ModelFault) => files.indexOf(file);
  return faults.toSorted((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}
