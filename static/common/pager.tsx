import { formatNumber } from "./format";

/** Goes from one page of a long list to the next; nothing where all of it is on one. */
export function Pager(props: {
  total: number;
  offset: number;
  limit: number;
  /** The server goes no further than this: the rest is found by a narrower search. */
  deepest?: number;
  onOffset(offset: number): void;
}) {
  const { total, offset, limit, deepest = Number.POSITIVE_INFINITY, onOffset } = props;
  if (total <= limit && offset === 0) return null;
  const last = Math.min(offset + limit, total);
  const isDeepest = last < total && offset + limit > deepest;
  return (
    <nav class="row" aria-label="Pages of the list">
      <button type="button" disabled={offset === 0} onClick={() => onOffset(Math.max(0, offset - limit))}>
        Previous
      </button>
      <button type="button" disabled={last >= total || isDeepest} onClick={() => onOffset(offset + limit)}>
        Next
      </button>
      <span class="quiet-text">
        {formatNumber(Math.min(offset + 1, total), 0)} to {formatNumber(last, 0)} of {formatNumber(total, 0)}
        {isDeepest && "; narrow the search for the rest"}
      </span>
    </nav>
  );
}
