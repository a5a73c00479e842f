import type { ComponentChildren } from "preact";
import type { AccountAnswer } from "../../../src/systems/market/schema/accounts";
import type { BlockAnswer, LeaseAnswer } from "../../../src/systems/market/schema/leases";
import type { OffsetPage } from "../../../src/systems/market/schema/scalars";
import { type Resource, useRefreshed } from "../../common/load";
import { Loading } from "../../common/loading";
import { numberCodec, useUrlState } from "../../common/url-state";
import { AccountTable } from "../accounts";
import { BlocksTable } from "../blocks";
import { LeaseTable } from "../lease-table";

const REFRESH_MS = 5000;
const PAGE_ROWS = 50;

/** Leases, fifty a page, newest first; those that run can be stopped. */
export function LeasesTab() {
  return (
    <Pages<LeaseAnswer> path="/api/leases" what="leases">
      {(leases, reload) => <LeaseTable leases={leases} reload={reload} />}
    </Pages>
  );
}

/** Blocks, fifty a page, newest first. */
export function BlocksTab() {
  return (
    <Pages<BlockAnswer> path="/api/blocks" what="blocks">
      {(blocks) => <BlocksTable name="blocks" blocks={blocks} empty="Blocks that workers report would be here." />}
    </Pages>
  );
}

/** Every account. */
export function AccountsTab() {
  const accounts = useRefreshed<Record<string, AccountAnswer>>("/api/accounts", REFRESH_MS);
  return (
    <section class="panel" aria-label="Accounts">
      <Loading what="the accounts" loaded={accounts}>
        {(byId) => <AccountTable accounts={Object.values(byId)} />}
      </Loading>
    </section>
  );
}

interface PagesProps<Item> {
  path: string;
  what: string;
  children: (items: readonly Item[], reload: Resource<unknown>["reload"]) => ComponentChildren;
}

/** One page of a list, with the way to the next ones; the page stands in the address. */
function Pages<Item>({ path, what, children }: PagesProps<Item>) {
  const [page, setPage] = useUrlState("page", numberCodec(1, 1, 1e6));
  const offset = (page - 1) * PAGE_ROWS;
  const part = useRefreshed<OffsetPage<Item>>(`${path}?limit=${PAGE_ROWS}&offset=${offset}`, REFRESH_MS);
  return (
    <section class="panel" aria-label={what}>
      <Loading what={`the ${what}`} loaded={part}>
        {({ items, total }) => (
          <>
            {children(items, part.reload)}
            {total > PAGE_ROWS && (
              <div class="row pager">
                <button type="button" disabled={page === 1} onClick={() => setPage(page - 1)}>
                  Newer
                </button>
                <button type="button" disabled={offset + PAGE_ROWS >= total} onClick={() => setPage(page + 1)}>
                  Older
                </button>
                <span class="quiet-text">
                  {offset + 1} to {offset + items.length} of {total} {what}
                </span>
              </div>
            )}
          </>
        )}
      </Loading>
    </section>
  );
}
