/** The two styles of paging (docs/market.md, Conventions). */

export interface PageQuery {
  page: number;
  limit: number;
}

/** One page of a whole list. An empty list has no pages. */
export function pageOf<T>(items: readonly T[], { page, limit }: PageQuery) {
  return {
    items: items.slice((page - 1) * limit, page * limit),
    total: items.length,
    page,
    limit,
    total_pages: Math.ceil(items.length / limit),
  };
}

export interface OffsetQuery {
  limit: number;
  offset: number;
}

/** Some items of a list of `total`, which were already cut. */
export function offsetPage<T>(items: T[], total: number, { limit, offset }: OffsetQuery) {
  return { items, total, limit, offset };
}
