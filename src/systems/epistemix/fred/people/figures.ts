import peopleTable from "./data/people.csv" with { type: "text" };

/** A row of a table of figures: from and to are both within. */
export interface Band {
  from: number;
  to: number;
  value: number;
}

/** Of the last, open row: seven people or more are taken as seven. */
const OPEN_END = 7;

let tables: ReadonlyMap<string, Band[]> | undefined;

function readTables(): Map<string, Band[]> {
  const read = new Map<string, Band[]>();
  for (const row of peopleTable.trimEnd().split("\n").slice(1)) {
    const [table, , from, to, value] = row.split(",") as [string, string, string, string, string];
    const bands = read.get(table) ?? [];
    bands.push({ from: Number(from), to: to === "" ? OPEN_END : Number(to), value: Number(value) });
    read.set(table, bands);
  }
  return read;
}

/** A table of public figures (docs/epidemics.md, "The people"). */
export function figures(table: string): readonly Band[] {
  tables ??= readTables();
  const bands = tables.get(table);
  if (bands === undefined) throw new Error(`there is no table ${table}`);
  return bands;
}

/** The value that holds at `x`; 0 where none does. */
export function figureAt(bands: readonly Band[], x: number): number {
  return bands.find(({ from, to }) => x >= from && x <= to)?.value ?? 0;
}

/** A row by chance, in proportion to `weight`. @param share in [0, 1) */
export function drawBand(bands: readonly Band[], weight: (band: Band) => number, share: number): Band {
  let left = share * bands.reduce((sum, band) => sum + weight(band), 0);
  for (const band of bands) {
    left -= weight(band);
    if (left < 0) return band;
  }
  return bands.at(-1)!;
}
