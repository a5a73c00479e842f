const MAX_SHOWN = 12;

/** `; the nearest known is X`, or nothing where nothing is known. */
export function nearest(name: string, known: Iterable<string>): string {
  const [best] = nearestNames(name, known, 1);
  return best === undefined ? "" : `; the nearest known is ${best}`;
}

/** The names that differ least from `name`, the nearest first. */
export function nearestNames(name: string, known: Iterable<string>, count = MAX_SHOWN): string[] {
  const wanted = name.toLowerCase();
  return [...known]
    .map((candidate) => ({ candidate, far: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** Levenshtein's distance: letters to put in, take out or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
