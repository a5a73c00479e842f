import { useRef, useState } from "preact/hooks";
import { Empty } from "./empty";
import { formatNumber } from "./format";
import { Menu } from "./menu";
import { arrangedRows, type Column, inOrderOf, type Sort } from "./table-rows";
import { type Codec, namesCodec, textCodec, useUrlState } from "./url-state";

/** What only those need who save a table. */
const exporter = () => import("./table-export");

export interface TableProps<Row> {
  /** Names the file of the CSV, and in the address the sort, the filter and the columns. */
  name: string;
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf(row: Row): string;
  empty: Parameters<typeof Empty>[0];
  /** The order until somebody chooses one. */
  sort?: Sort;
  /** How many rows there are, where these are a page of them that the server filtered and sorted: {@link useTableSort}. */
  pageOf?: number;
}

/** So many rows are seen at a glance. */
const FILTER_ABOVE = 8;

/** Above this many rows only those in sight are in the page. */
const VIRTUAL_ABOVE = 200;
const ROW_PX = 28;
const VIEW_PX = 480;
const SPARE_ROWS = 8;

/**
 * Rows with sorting by any column, a filter, a choice of columns and CSV, all of it kept in the address. While the
 * pointer is over the table its order stands still, so that live rows do not move away under it.
 */
export function Table<Row>(props: TableProps<Row>) {
  const { name, columns, rows, keyOf, pageOf } = props;
  const [filter, setFilter] = useUrlState(`${name}.filter`, textCodec());
  const [sort, setSort] = useTableSort(name, props.sort);
  const hiddenAtFirst = columns.filter((column) => column.atFirstHidden).map(({ key }) => key);
  const [hidden, setHidden] = useUrlState(`${name}.hidden`, namesCodec(hiddenAtFirst));
  const shownColumns = columns.filter(({ key }) => !hidden.includes(key));
  const inOrder = pageOf === undefined ? arrangedRows(rows, columns, filter, sort) : rows;
  const arranged = useSteadyOrder(inOrder, keyOf);
  if (rows.length === 0) return <Empty {...props.empty} />;
  return (
    <div class="table-part">
      <div class="table-tools">
        {pageOf === undefined && (rows.length > FILTER_ABOVE || filter !== "") && (
          <input
            type="search"
            aria-label={`Filter ${props.caption}`}
            placeholder="Filter: words, column<3, column=text"
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        )}
        <span class="quiet-text" role="status">
          {countWords(arranged.rows.length, pageOf ?? rows.length)}
        </span>
        <ColumnChoice columns={columns} hidden={hidden} onChange={setHidden} />
        <button
          type="button"
          class="quiet"
          onClick={async () => (await exporter()).saveTable(name, arranged.rows, shownColumns)}
        >
          CSV
        </button>
      </div>
      <Rows {...props} columns={shownColumns} arranged={arranged} sort={sort} onSort={setSort} />
    </div>
  );
}

/** The order that is chosen in the table of that name, which has to be given the same `fallback`. */
export function useTableSort(name: string, fallback: Sort | undefined): [Sort | undefined, (sort: Sort) => void] {
  return useUrlState<Sort | undefined>(`${name}.sort`, sortCodec(fallback));
}

interface Arrangement<Row> {
  rows: readonly Row[];
  hold(): void;
  release(): void;
}

/** The rows as arranged, or while they are held in the order they had when that began. */
function useSteadyOrder<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Arrangement<Row> {
  const [heldKeys, setHeldKeys] = useState<readonly string[] | null>(null);
  return {
    rows: heldKeys === null ? rows : inOrderOf(rows, heldKeys, keyOf),
    hold: () => setHeldKeys(rows.map(keyOf)),
    release: () => setHeldKeys(null),
  };
}

interface RowsProps<Row> extends Omit<TableProps<Row>, "sort"> {
  sort: Sort | undefined;
  arranged: Arrangement<Row>;
  onSort(sort: Sort): void;
}

function Rows<Row>(props: RowsProps<Row>) {
  const { columns, rows, arranged, caption, keyOf } = props;
  const [top, setTop] = useState(0);
  const count = arranged.rows.length;
  const virtual = count > VIRTUAL_ABOVE;
  const first = virtual ? Math.min(count, Math.max(0, Math.floor(top / ROW_PX) - SPARE_ROWS)) : 0;
  const last = virtual ? Math.min(count, Math.ceil((top + VIEW_PX) / ROW_PX) + SPARE_ROWS) : count;
  const scroller = useRef<HTMLElement>(null);
  return (
    <section
      ref={scroller}
      class={virtual ? "table-scroll virtual" : "table-scroll"}
      aria-label={`Table of ${caption}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
      tabIndex={0}
      onScroll={() => virtual && setTop(scroller.current!.scrollTop)}
      onPointerEnter={arranged.hold}
      onPointerLeave={arranged.release}
    >
      <table aria-rowcount={count + 1}>
        <Header {...props} />
        <tbody>
          <Spacer rows={first} columns={columns.length} />
          {arranged.rows.slice(first, last).map((row, at) => (
            <tr key={keyOf(row)} aria-rowindex={first + at + 2}>
              {columns.map((column) => (
                <Cell key={column.key} column={column} row={row} numeric={isNumeric(rows, column.value)} />
              ))}
            </tr>
          ))}
          <Spacer rows={count - last} columns={columns.length} />
        </tbody>
      </table>
    </section>
  );
}

function Header<Row>({ columns, rows, sort, onSort, arranged }: RowsProps<Row>) {
  function sortBy(key: string): void {
    arranged.release();
    const turned = sort?.key === key && sort.direction === "ascending";
    onSort({ key, direction: turned ? "descending" : "ascending" });
  }
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map(({ key, title, unit, value }) => (
          <th
            key={key}
            scope="col"
            aria-sort={sort?.key === key ? sort.direction : "none"}
            class={isNumeric(rows, value) ? "number" : ""}
          >
            <button type="button" class="sort" onClick={() => sortBy(key)}>
              {title}
              {unit !== undefined && <span class="unit">{unit}</span>}
            </button>
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Cell<Row>({ column, row, numeric }: { column: Column<Row>; row: Row; numeric: boolean }) {
  const value = column.value(row);
  const plain = typeof value === "number" ? formatNumber(value, column.decimals ?? 0) : (value ?? "–");
  return <td class={numeric ? "number" : column.wraps ? "wraps" : ""}>{column.show?.(row) ?? plain}</td>;
}

/** Stands for rows out of sight, so that the scroll bar is true. */
function Spacer(props: { rows: number; columns: number }) {
  if (props.rows <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus
    <tr aria-hidden="true" class="spacer">
      <td colSpan={props.columns} style={{ height: `${props.rows * ROW_PX}px` }} />
    </tr>
  );
}

function ColumnChoice<Row>(props: {
  columns: readonly Column<Row>[];
  hidden: readonly string[];
  onChange(hidden: readonly string[]): void;
}) {
  const { columns, hidden, onChange } = props;
  const without = (key: string) => hidden.filter((other) => other !== key);
  return (
    <Menu label="Columns">
      {columns.map(({ key, title }) => (
        <label key={key} class="check">
          <input
            type="checkbox"
            checked={!hidden.includes(key)}
            onChange={(event) => onChange(event.currentTarget.checked ? without(key) : [...hidden, key])}
          />
          {title}
        </label>
      ))}
    </Menu>
  );
}

function sortCodec(fallback: Sort | undefined): Codec<Sort | undefined> {
  return {
    fallback,
    read(text) {
      const [, sign, key] = /^(-?)(.+)$/.exec(text) ?? [];
      return key === undefined ? undefined : { key, direction: sign === "-" ? "descending" : "ascending" };
    },
    write: (sort) => (sort === undefined ? "" : `${sort.direction === "descending" ? "-" : ""}${sort.key}`),
  };
}

/** A column is one of numbers when its first value is one. */
function isNumeric<Row>(rows: readonly Row[], value: (row: Row) => unknown): boolean {
  const first = rows.find((row) => value(row) !== null);
  return first !== undefined && typeof value(first) === "number";
}

function countWords(shown: number, all: number): string {
  const rows = all === 1 ? "1 row" : `${formatNumber(all, 0)} rows`;
  return shown === all ? rows : `${formatNumber(shown, 0)} of ${rows}`;
}
