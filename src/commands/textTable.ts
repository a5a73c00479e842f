const MAX_ROWS = 25;

/** A CSV without quotes as aligned columns, thinned to a screenful of evenly spaced rows, the last one included. */
export function textTable(csv: string): string {
  const [head, ...rows] = csv.trimEnd().split("\n");
  const step = Math.max(1, (rows.length - 1) / (MAX_ROWS - 1));
  const kept = [...new Set(rows.map((_, k) => Math.round(k * step)))].filter((index) => index < rows.length);
  const cells = [head!, ...kept.map((index) => rows[index]!)].map((row) => row.split(","));
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) => `${row.map((cell, column) => cell.padStart(widths[column]!)).join("  ")}\n`).join("");
}
