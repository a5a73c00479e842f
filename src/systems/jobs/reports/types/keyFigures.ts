import type { SimulationView } from "../model";
import type { Cell, KeyFigure, Table } from "../section";
import { difference } from "./sideBySide";

/** Key figures of several simulations against those of the first: values, and how much they differ. */
export function keyFigureTables(views: readonly SimulationView[], names: readonly string[]): Table[] {
  const figures = views.map(figuresByKey);
  const keys = [...new Set(figures.flatMap((own) => [...own.keys()]))];
  if (keys.length === 0) return [];
  const rowUnits = keys.map((key) => figures.find((own) => own.has(key))!.get(key)!.unit ?? "");
  const values = keys.map((key) => figures.map((own): Cell => own.get(key)?.value ?? null));
  const titles = keys.map((key) => figures.find((own) => own.has(key))!.get(key)!.name);
  const columns = [{ name: "Figure" }, ...names.map((name) => ({ name }))];
  if (views.length === 2) {
    const compared = values.map(([first, second]) => [
      first!,
      second!,
      difference(first, second),
      percent(first, second),
    ]);
    const differences = [
      { name: "Difference", isDifference: true },
      { name: "Difference", unit: "%", isDifference: true },
    ];
    const rows = compared.map((cells, at) => [titles[at]!, ...cells]);
    return [{ title: "", columns: [...columns, ...differences], rows, rowUnits }];
  }
  const rows = values.map((cells, at) => [titles[at]!, ...cells]);
  const percents = values.map(([first, ...others], at) => [
    titles[at]!,
    ...others.map((other) => percent(first, other)),
  ]);
  const percentColumns = names.slice(1).map((name) => ({ name, unit: "%", isDifference: true }));
  return [
    { title: "Values", columns, rows, rowUnits },
    { title: `Difference from ${names[0]}`, columns: [{ name: "Figure" }, ...percentColumns], rows: percents },
  ];
}

/** By section and name, so that figures of one name in two sections stay apart. */
function figuresByKey({ sections }: SimulationView): Map<string, KeyFigure> {
  return new Map(
    sections.flatMap(({ title, keyFigures = [] }) =>
      keyFigures.map((figure) => [`${title}\n${figure.name}`, figure] as const),
    ),
  );
}

function percent(first: Cell | undefined, second: Cell | undefined): number | null {
  const more = difference(first, second);
  return more === null || first === 0 ? null : (100 * more) / Math.abs(first as number);
}
